package client

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A Decoder reads one kind of object from responses: W is its form on the wire,
// T what callers get.
type Decoder[W, T any] struct {
	// Noun is how people call the object, as in errors: "provider config".
	Noun string
	// Identify returns which object a response describes. It is nil for what has no
	// identity, such as the balance of an account.
	Identify func(W) Identity
	// Bare is whether a response may leave the id out, and Nameless whether it may
	// leave the name out.
	Bare, Nameless bool
	// Partial is whether the response to a change may describe the object in part, or
	// in a form that is not documented.
	Partial bool
	// Convert converts the form on the wire. Its error says what is wrong with
	// the response.
	Convert func(W) (T, error)
	// Beside, if not nil, completes an object from what the envelope has beside the
	// result.
	Beside func(object T, members wire.Object)
	// Loose is for endpoints whose results do not always stand where the API's
	// specification puts them. A result is then also looked for under "route" and
	// "data", and a list within the result under ListKey (observed of dynamic
	// routes). Such lists may tell the size of a page, and no total.
	Loose   bool
	ListKey string
}

// envelope is what the API wraps its results in.
type envelope struct {
	Success *bool           `json:"success"`
	Result  json.RawMessage `json:"result"`
	Info    json.RawMessage `json:"result_info"`
	Route   json.RawMessage `json:"route"`
	Data    json.RawMessage `json:"data"`
}

var errNoResult = errors.New("the response has no result")

// envelope decodes a response with a status of success.
func (r *Response) envelope() (envelope, error) {
	var opened envelope
	if err := json.Unmarshal(r.Body, &opened); err != nil {
		return envelope{}, r.Unexpected(errors.New("the response is not the API's JSON; is the base URL right?"))
	}
	if opened.Success != nil && !*opened.Success {
		return envelope{}, r.statusError()
	}
	return opened, nil
}

// result returns the result, null if there is none.
func (e envelope) result(loose bool) json.RawMessage {
	if loose {
		for _, raw := range []json.RawMessage{e.Route, e.Data} {
			if !wire.IsNull(raw) {
				return raw
			}
		}
	}
	return e.Result
}

// Decode reads the result of a successful response, which must describe the object
// that is wanted.
func (d Decoder[W, T]) Decode(resp *Response, want Identity) (T, error) {
	var none T
	if object, ok, err := d.decodeAtOnce(resp, want); ok {
		return d.complete(object, resp, err)
	}
	opened, err := resp.envelope()
	if err != nil {
		return none, err
	}
	raw := opened.result(d.Loose)
	if wire.IsNull(raw) {
		return none, resp.Unexpected(errNoResult)
	}
	object, err := d.object(raw, want)
	if err != nil {
		return none, resp.Unexpected(err)
	}
	return d.complete(object, resp, nil)
}

// complete adds what the envelope has beside the result.
func (d Decoder[W, T]) complete(object T, resp *Response, err error) (T, error) {
	if err == nil && d.Beside != nil {
		d.Beside(object, wire.ObjectOf(resp.Body))
	}
	return object, err
}

// decodeAtOnce decodes envelope and result in one pass. It is not ok if anything
// is out of the ordinary, so that a second look can tell what.
func (d Decoder[W, T]) decodeAtOnce(resp *Response, want Identity) (object T, ok bool, err error) {
	var opened struct {
		Success *bool `json:"success"`
		Result  *W    `json:"result"`
	}
	if d.Loose || json.Unmarshal(resp.Body, &opened) != nil || opened.Result == nil || opened.Success != nil && !*opened.Success {
		return object, false, nil //nolint:nilerr // The second pass reports it.
	}
	if object, err = d.convert(*opened.Result, want); err != nil {
		return object, true, resp.Unexpected(err)
	}
	return object, true, nil
}

// convert converts an object, which has to be the one wanted.
func (d Decoder[W, T]) convert(decoded W, want Identity) (T, error) {
	object, err := d.Convert(decoded)
	if d.Identify != nil {
		// Another object is refused as such, whatever else is wrong with it.
		mismatch := want.check(d.Noun, d.Identify(decoded), d.Bare, d.Nameless)
		if other := (identityError{}); err == nil || errors.As(mismatch, &other) && other.isOther() {
			err = mismatch
		}
	}
	if err != nil {
		var none T
		return none, err
	}
	return object, nil
}

// object decodes one object.
func (d Decoder[W, T]) object(raw json.RawMessage, want Identity) (T, error) {
	var none T
	if d.Loose && wire.IsNull(raw) {
		return none, wire.NotA(d.Noun)
	}
	decoded, err := wire.Decode[W](raw, d.Noun)
	if err != nil {
		return none, err
	}
	return d.convert(decoded, want)
}

// A Page is one page of a list.
type Page[T any] struct {
	// Objects are those of the page.
	Objects []T
	// Total is how many there are on all pages, nil if the service does not say.
	Total *int64
	// Size is how many objects a full page has, 0 if the service does not say.
	Size int64
}

// DecodePage reads the result of a successful response as one page of a list. An
// object of another gateway or account makes the whole page unusable: where such a
// list comes from, a missing object proves nothing.
func (d Decoder[W, T]) DecodePage(resp *Response, want Identity) (Page[T], error) {
	opened, err := resp.envelope()
	if err != nil {
		return Page[T]{}, err
	}
	page, raws, err := d.split(opened)
	if err != nil {
		return Page[T]{}, resp.Unexpected(err)
	}
	page.Objects = make([]T, 0, len(raws))
	for _, raw := range raws {
		object, err := d.object(raw, want)
		if err != nil {
			return Page[T]{}, resp.Unexpected(err)
		}
		page.Objects = append(page.Objects, object)
	}
	return page, nil
}

// hasList reports whether a response is a success that says so and has a list, or is
// something else that [Decoder.DecodePage] is to report.
func (d Decoder[W, T]) hasList(resp *Response) bool {
	opened, err := resp.envelope()
	if err != nil || opened.Success == nil {
		return true
	}
	_, _, err = d.split(opened)
	return err == nil
}

// split returns a page without its objects, and these undecoded.
func (d Decoder[W, T]) split(opened envelope) (Page[T], []json.RawMessage, error) {
	raw := opened.result(d.Loose)
	if wire.IsNull(raw) {
		return Page[T]{}, nil, errNoResult
	}
	if !d.Loose {
		var raws []json.RawMessage
		if json.Unmarshal(raw, &raws) != nil {
			return Page[T]{}, nil, errors.New("the result is not a list")
		}
		return Page[T]{Total: opened.total()}, raws, nil
	}
	var size wire.Integer
	if wire.IsObject(raw) {
		fields := wire.ObjectOf(raw)
		if json.Unmarshal(bytes.Trim(fields["per_page"], `"`), &size) != nil {
			size = 0
		}
		raw = fields[d.ListKey]
	}
	raws := wire.ListOf(raw)
	if raws == nil {
		return Page[T]{}, nil, fmt.Errorf("the response has no list of %s", d.ListKey)
	}
	return Page[T]{Size: int64(size)}, raws, nil
}

// total returns the number of objects that a list states, or nil: the API's
// specification does not promise it.
func (e envelope) total() *int64 {
	var info struct {
		TotalCount *wire.Integer `json:"total_count"`
	}
	if json.Unmarshal(e.Info, &info) != nil {
		return nil
	}
	return (*int64)(info.TotalCount)
}

// confirms reports whether a response says that a request was carried out: with
// 204, or with an envelope that says so and describes no other object.
func (r *Response) confirms(want Identity) bool {
	isEmpty := len(bytes.TrimSpace(r.Body)) == 0
	if r.Status == http.StatusNoContent || isEmpty && r.request.EmptyIsDone {
		return true
	}
	var opened struct {
		Success *bool           `json:"success"`
		Result  json.RawMessage `json:"result"`
	}
	if json.Unmarshal(r.Body, &opened) != nil || opened.Success == nil || !*opened.Success {
		return false
	}
	var result struct {
		Owner
		ID        looseText `json:"id"`
		GatewayID looseText `json:"gateway_id"`
	}
	if json.Unmarshal(opened.Result, &result) != nil {
		return true // nothing that describes an object
	}
	described := Identity{ID: string(result.ID), GatewayID: string(result.GatewayID), AccountID: result.Account()}
	return want.check("", described, true, true) == nil
}

// saysDone reports whether a response says that a request was carried out, without
// describing an object: it has no body, or an envelope without a result or an id.
// With partly, the result may be anything, and the body null does not count: what
// such a change did cannot always be read.
func (r *Response) saysDone(partly bool) bool {
	if len(bytes.TrimSpace(r.Body)) == 0 {
		return true
	}
	opened, err := r.envelope()
	if err != nil || partly && wire.IsNull(r.Body) {
		return false
	}
	raw := opened.result(true)
	if partly || wire.IsNull(raw) {
		return true
	}
	fields := wire.ObjectOf(raw)
	return fields != nil && wire.IsNull(fields["id"])
}
