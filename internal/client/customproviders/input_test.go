package customproviders_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
)

func readProvider(t *testing.T, change clienttest.Fields) *customproviders.Provider {
	t.Helper()
	_, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(providerObject("id-1", change))))
	got, err := customproviders.Get(t.Context(), c, clienttest.Account, "id-1")
	clienttest.RequireNoError(t, err)
	return got
}

func TestCustomProviderTimes(t *testing.T) {
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		told any
		want time.Time
	}{
		"RFC 3339":         {"2026-08-03T12:00:00+02:00", at},
		"milliseconds":     {at.UnixMilli() + 5, at.Add(5 * time.Millisecond)},
		"seconds":          {at.Unix(), at},
		"with a fraction":  {json.RawMessage("1785751200.75"), at},
		"with an exponent": {json.RawMessage("1.7857512e9"), at},
		"1970":             {0, time.Unix(0, 0).UTC()},
		"before":           {-1, time.Unix(-1, 0).UTC()},
		"null":             {nil, time.Time{}},
		"absent":           {clienttest.Absent, time.Time{}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := readProvider(t, clienttest.Fields{"created_at": test.told}).CreatedAt; !got.Equal(test.want) || got.Location() != time.UTC {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// No form of headers is an error, since the error would quote what may be secret.
func TestCustomProviderHeaders(t *testing.T) {
	type headers = map[string]string
	for name, test := range map[string]struct {
		told any
		want headers
		text string
	}{
		"texts":          {`{"A":"b","C":""}`, headers{"A": "b", "C": ""}, `{"A":"b","C":""}`},
		"space":          {" {\"A\": \"b\"}\n", headers{"A": "b"}, `{"A": "b"}`},
		"other values":   {`{"A":{"b":[1]},"C":2,"D":null}`, headers{"A": `{"b":[1]}`, "C": "2", "D": "null"}, `{"A":{"b":[1]},"C":2,"D":null}`},
		"an object":      {clienttest.Fields{"A": "b"}, headers{"A": "b"}, `{"A":"b"}`},
		"none":           {"{}", nil, "{}"},
		"empty":          {"", nil, ""},
		"null":           {nil, nil, ""},
		"null as a text": {"null", nil, "null"},
		"absent":         {clienttest.Absent, nil, ""},
		"no JSON":        {"A: b", nil, "A: b"},
		"a list":         {`[{"A":"b"}]`, nil, `[{"A":"b"}]`},
		"a number":       {7, nil, "7"},
	} {
		t.Run(name, func(t *testing.T) {
			got := readProvider(t, clienttest.Fields{"headers": test.told})
			if diff := cmp.Diff(test.want, got.Headers); diff != "" || got.HeadersText != test.text {
				t.Errorf("%q (-want +got):\n%s", got.HeadersText, diff)
			}
		})
	}
}

func TestCustomProviderTexts(t *testing.T) {
	for name, unset := range map[string]any{"null": nil, "empty": "", "absent": clienttest.Absent} {
		got := readProvider(t, clienttest.Fields{"description": unset, "link": unset, "curl_example": unset, "js_example": unset, "logo": unset})
		if got.Description != nil || got.Link != nil || got.CurlExample != nil || got.JSExample != nil || got.Logo != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

var anyInput = rapid.Custom(func(t *rapid.T) customproviders.Input {
	text := rapid.SampledFrom([]string{"", "a", "b <&> \"ä\""})
	required := rapid.SampledFrom([]string{"x", "y"})
	return customproviders.Input{
		Name: required.Draw(t, "name"), Slug: required.Draw(t, "slug"), BaseURL: required.Draw(t, "url"),
		Description: clienttest.Maybe(text).Draw(t, "description"), Link: clienttest.Maybe(text).Draw(t, "link"),
		CurlExample: clienttest.Maybe(text).Draw(t, "curl"), JSExample: clienttest.Maybe(text).Draw(t, "js"),
		Enable: clienttest.Maybe(rapid.Bool()).Draw(t, "enable"), Beta: clienttest.Maybe(rapid.Bool()).Draw(t, "beta"),
		Position: clienttest.Maybe(rapid.Int64Range(0, 2)).Draw(t, "position"),
		Headers:  rapid.SampledFrom([]map[string]string{nil, {}, {"A": "b"}, {"A": "c", "B": "<\"&\\ä>"}}).Draw(t, "headers"),
	}
})

// A service that applies what it is sent has, after a change, the new values and
// otherwise the old ones. Then there is nothing left to change.
func TestUpdateCustomProviderConverges(t *testing.T) {
	held := providerObject("id-1", nil)
	var patches int
	c, _ := clienttest.New(t, "http://api.test", clienttest.Over(memoryOfOne(held, &patches)))
	rapid.Check(t, func(rt *rapid.T) {
		maps.Copy(held, providerObject("id-1", nil))
		start, to := anyInput.Draw(rt, "start"), anyInput.Draw(rt, "to")
		before, err := customproviders.Update(t.Context(), c, clienttest.Account, "id-1", customproviders.Input{}, start)
		if err != nil {
			rt.Fatal(err)
		}
		after, err := customproviders.Update(t.Context(), c, clienttest.Account, "id-1", before.Input(), to)
		if err != nil {
			rt.Fatal(err)
		}
		want := overlaid(before.Input(), to)
		if diff := cmp.Diff(want, after.Input(), cmpopts.EquateEmpty()); diff != "" {
			rt.Fatalf("(-want +got):\n%s", diff)
		}
		sent := patches
		if _, err := customproviders.Update(t.Context(), c, clienttest.Account, "id-1", after.Input(), to); err != nil || patches != sent {
			rt.Fatalf("%d more changes; %v", patches-sent, err)
		}
	})
	if patches == 0 {
		t.Error("nothing was changed, so this shows nothing")
	}
}

// overlaid returns an input with the fields that another sets.
func overlaid(i, to customproviders.Input) customproviders.Input {
	text := func(into **string, from *string) {
		if from != nil {
			if *into = from; *from == "" {
				*into = nil
			}
		}
	}
	i.Name, i.Slug, i.BaseURL = to.Name, to.Slug, to.BaseURL
	text(&i.Description, to.Description)
	text(&i.Link, to.Link)
	text(&i.CurlExample, to.CurlExample)
	text(&i.JSExample, to.JSExample)
	if to.Enable != nil {
		i.Enable = to.Enable
	}
	if to.Beta != nil {
		i.Beta = to.Beta
	}
	if to.Position != nil {
		i.Position = to.Position
	}
	if to.Headers != nil {
		i.Headers = to.Headers
	}
	return i
}

// memoryOfOne returns a service that stores one custom provider and accepts every
// change.
func memoryOfOne(held clienttest.Fields, patches *int) clienttest.Transport {
	return func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPatch {
			*patches++
			if err := json.NewDecoder(r.Body).Decode(&held); err != nil {
				return nil, err
			}
		}
		return clienttest.HTTPResponse(r, 200, clienttest.Envelope(held)), nil
	}
}
