package client

import (
	"encoding/json"
	"fmt"
	"iter"
	"net/http"

	"github.com/cloudflare/cloudflare-go/v7/option"
)

// This file is what the lists and answers of the objects around gateways have
// in common: provider configs, custom providers, Secrets Stores.

// objectsPerPage is the most that the API hands out at once, by its
// specification.
const objectsPerPage = 100

// checkProviders refuses what the wire format does not have.
func (c *Client) checkProviders(objects, accountID string) error {
	if !c.format.capabilities.Providers {
		return fmt.Errorf("the wire format %q has no %s, so no request was sent", c.format.capabilities.Format, objects)
	}
	return checkAccountID(accountID)
}

// instead makes another request of one of the SDK: with another method, and
// further down its path. It is for what the SDK lacks, which so goes out with
// the same authentication and headers. It must stand before the options of
// [call], which catch the answer.
func instead(method string, further ...string) option.RequestOption {
	return option.WithMiddleware(func(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
		req.Method, req.URL = method, req.URL.JoinPath(further...)
		return next(req)
	})
}

// paged yields the objects of a list, page by page: a page is asked for when
// the one before it is used up. It stops at the first error.
//
// No object is yielded twice, since one that is created or deleted meanwhile
// moves the others between pages. Where the service does not say how many there
// are, the list ends with a page that brings nothing new, not with a short one:
// what is not in a list counts as deleted.
func paged[T any](id func(*T) string, get func(page int64) ([]*T, resultInfo, error)) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		seen := map[string]bool{}
		for page, received := int64(1), int64(0); ; page++ {
			objects, info, err := get(page)
			if err != nil {
				yield(nil, err)
				return
			}
			news := false
			for _, object := range objects {
				if seen[id(object)] {
					continue
				}
				seen[id(object)], news = true, true
				if !yield(object, nil) {
					return
				}
			}
			received += int64(len(objects))
			total := int64Of(info.TotalCount)
			if !news || total != nil && received >= *total {
				return
			}
		}
	}
}

// decoded reads the result of an answer as an A and makes a T of it. What is
// how people call a T.
func decoded[A, T any](op string, ex *exchange, what string, convert func(A) (*T, error)) (*T, error) {
	var raw json.RawMessage
	if _, err := decodeResult(op, ex, &raw); err != nil {
		return nil, err
	}
	object, err := objectOf(raw, what, convert)
	if err != nil {
		return nil, unexpected(op, ex, err)
	}
	return object, nil
}

// decodedList is decoded for one page of a list.
func decodedList[A, T any](op string, ex *exchange, what string, convert func(A) (*T, error)) ([]*T, resultInfo, error) {
	var raws []json.RawMessage
	info, err := decodeResult(op, ex, &raws)
	if err != nil {
		return nil, resultInfo{}, err
	}
	objects := make([]*T, 0, len(raws))
	for _, raw := range raws {
		object, err := objectOf(raw, what, convert)
		if err != nil {
			return nil, resultInfo{}, unexpected(op, ex, err)
		}
		objects = append(objects, object)
	}
	return objects, info, nil
}

func objectOf[A, T any](raw json.RawMessage, what string, convert func(A) (*T, error)) (*T, error) {
	var answer A
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, faultyField[A](raw, what, err)
	}
	return convert(answer)
}
