package client

import (
	"context"
	"iter"
	"strconv"
)

// A List describes a request for a list of objects and how its pages are read.
type List[W, T any] struct {
	Request Request
	// Call asks for the list; the page is added to it.
	Call    Call
	Decoder Decoder[W, T]
	// ID identifies an object among those of the list.
	ID func(T) string
	// PerPage is how many objects are asked for at once; 0 is for a service that
	// does not page.
	PerPage int64
	// PageAlone is for a list whose query parameters are not documented. The first
	// request has none, the others have the page alone, and PerPage is how many objects a
	// full page has if the service does not say. A later response without a list ends
	// the paging.
	PageAlone bool
	// ShortPageIsLast is whether, without a total, a page that is not full ends
	// the list. It saves a request. Otherwise only a page without new objects
	// does: that is for lists in which a missing object counts as deleted.
	ShortPageIsLast bool
	// MaxPages bounds how many pages are read; 0 means no bound. TooMany is the
	// error if there are more.
	MaxPages int64
	TooMany  error
	// OnPage, if not nil, gets every page before its objects are yielded.
	OnPage func(*Response, Page[T])
}

// All iterates over the list, fetching pages on demand. It stops at the first
// error, such as an object of another gateway or account than within says. It
// yields no object twice, since one that is created or deleted meanwhile moves the
// others between pages.
func (l List[W, T]) All(ctx context.Context, c *Client, within Identity) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		seen := map[string]bool{}
		for number, received := int64(1), int64(0); ; number++ {
			page, err := l.fetch(ctx, c, number, within)
			if err != nil {
				yield(none, err)
				return
			}
			hasNew := false
			for _, object := range page.Objects {
				id := l.ID(object)
				if seen[id] {
					continue
				}
				seen[id], hasNew = true, true
				if !yield(object, nil) {
					return
				}
			}
			received += int64(len(page.Objects))
			switch {
			case l.isLast(page, received, hasNew):
				return
			case number == l.MaxPages:
				yield(none, l.TooMany)
				return
			}
		}
	}
}

func (l List[W, T]) isLast(page Page[T], received int64, hasNew bool) bool {
	size := l.PerPage
	switch {
	case page.Size > 0 && l.PageAlone:
		size = page.Size
	case page.Size > 0:
		size = min(size, page.Size)
	}
	switch {
	case l.PerPage == 0:
		return true
	case !hasNew: // past the end, or a server that does not page
		return true
	case page.Total != nil:
		return received >= *page.Total
	default:
		return l.ShortPageIsLast && int64(len(page.Objects)) < size
	}
}

func (l List[W, T]) fetch(ctx context.Context, c *Client, number int64, within Identity) (Page[T], error) {
	call := l.Call
	if l.PerPage > 0 && !(l.PageAlone && number == 1) {
		call = call.WithQuery("page", strconv.FormatInt(number, 10))
	}
	if l.PerPage > 0 && !l.PageAlone {
		call = call.WithQuery("per_page", strconv.FormatInt(l.PerPage, 10))
	}
	request := l.Request
	request.MaxBody = MaxListBody
	resp, err := c.Send(ctx, request, call)
	if err != nil {
		return Page[T]{}, err
	}
	if l.PageAlone && number > 1 && !l.Decoder.hasList(resp) {
		return Page[T]{}, nil
	}
	page, err := l.Decoder.DecodePage(resp, within)
	if err == nil && l.OnPage != nil {
		l.OnPage(resp, page)
	}
	return page, err
}

// Failed iterates over nothing but an error.
func Failed[T any](err error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		yield(none, err)
	}
}
