package conditions_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/conditions"
)

func decode(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestConditions(t *testing.T) {
	facts := conditions.Facts{
		Header: http.Header{"X-Team": {"red"}},
		Body: decode(t, `{"model":"dynamic/r","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"}],
		"temperature":0.5,"n":10,"user":"u1","nothing":null,"stop":["a","b"],"response_format":{"type":"json","strict":true},"tier":"body"}`),
	}
	facts.Metadata, _ = decode(t, `{"plan":"free","age":30,"paid":true,"tier":"gold","a.b":"dotted","beta":"true","level":"5"}`).(map[string]any)
	tests := []struct {
		condition string
		want      bool
	}{
		// Paths.
		{`{"metadata.plan":"free"}`, true},
		{`{"metadata.plan":"paid"}`, false},
		{`{"metadata.a.b":"dotted"}`, true},
		{`{"body.messages.1.content":"hi"}`, true},
		{`{"body.messages.0.content":"hi"}`, false},
		{`{"body.messages.2.content":{"$exists":true}}`, false},
		{`{"body.messages.-1.content":{"$exists":true}}`, false},
		{`{"body.messages.role":{"$exists":true}}`, false},
		{`{"body.user.deeper":{"$exists":true}}`, false},
		{`{"body.model":"dynamic/r"}`, true},
		{`{"body.response_format.type":"json"}`, true},
		{`{"headers.x-team":"red"}`, true},
		{`{"headers.X-Team":{"$eq":"red"}}`, true},
		{`{"headers.x-other":{"$exists":false}}`, true},
		{`{"plan":"free"}`, true},
		{`{"user":"u1"}`, true},
		{`{"tier":"gold"}`, true}, // metadata first
		{`{"body.tier":"body"}`, true},
		{`{"metadata":{"$exists":true}}`, false},
		// Equality.
		{`{"metadata.plan":{"$eq":"free"}}`, true},
		{`{"metadata.age":{"$eq":30.0}}`, true},
		{`{"metadata.age":{"$eq":"30"}}`, false},
		{`{"metadata.paid":true}`, true},
		{`{"metadata.paid":{"$ne":true}}`, false},
		{`{"metadata.plan":{"$ne":"paid"}}`, true},
		{`{"metadata.plan":{"$ne":"free"}}`, false},
		{`{"body.stop":["a","b"]}`, true},
		{`{"body.stop":["b","a"]}`, false},
		{`{"body.response_format":{"type":"json","strict":true}}`, true},
		{`{"body.response_format":{"type":"json"}}`, false},
		// An absent value is like null, and has no order.
		{`{"metadata.x":null}`, true},
		{`{"metadata.x":{"$eq":null}}`, true},
		{`{"body.nothing":null}`, true},
		{`{"metadata.x":{"$eq":"free"}}`, false},
		{`{"metadata.x":{"$ne":"free"}}`, true},
		{`{"metadata.x":{"$ne":null}}`, false},
		{`{"metadata.plan":null}`, false},
		{`{"metadata.x":{"$gt":-1}}`, false},
		{`{"metadata.x":{"$lt":1}}`, false},
		{`{"metadata.x":{"$gte":null}}`, true},
		{`{"metadata.x":{"$gt":null}}`, false},
		{`{"metadata.plan":{"$lte":null}}`, false},
		{`{"metadata.x":{"$lte":false}}`, false},
		{`{"metadata.x":{"$in":["free",null]}}`, true},
		{`{"metadata.x":{"$nin":["free"]}}`, true},
		// Order.
		{`{"metadata.age":{"$gt":29}}`, true},
		{`{"metadata.age":{"$gt":30}}`, false},
		{`{"metadata.age":{"$gte":30}}`, true},
		{`{"metadata.age":{"$gte":30.5}}`, false},
		{`{"metadata.age":{"$lt":30}}`, false},
		{`{"metadata.age":{"$lt":100}}`, true}, // by value, not as strings
		{`{"metadata.age":{"$lte":30}}`, true},
		{`{"metadata.age":{"$lte":29}}`, false},
		{`{"body.n":{"$gt":9}}`, true},
		{`{"metadata.plan":{"$gt":"franc"}}`, true},
		{`{"metadata.plan":{"$lt":"franc"}}`, false},
		{`{"metadata.plan":{"$gte":"free","$lte":"free"}}`, true},
		{`{"metadata.age":{"$gt":"29"}}`, false}, // another type
		{`{"metadata.plan":{"$lt":100}}`, false},
		// Types. A value that only looks like one of another type is not it.
		{`{"metadata.paid":{"$eq":"true"}}`, false},
		{`{"metadata.paid":{"$ne":"true"}}`, true},
		{`{"metadata.paid":{"$in":["true",1]}}`, false},
		{`{"metadata.paid":{"$in":["true",true]}}`, true},
		{`{"metadata.paid":{"$nin":["true",1]}}`, true},
		{`{"metadata.paid":{"$eq":1}}`, false},
		{`{"metadata.paid":{"$gte":true}}`, true},
		{`{"metadata.paid":{"$gt":false}}`, true},
		{`{"metadata.paid":{"$lt":true}}`, false},
		{`{"metadata.paid":{"$gt":0}}`, false},
		{`{"metadata.beta":{"$eq":true}}`, false},
		{`{"metadata.beta":true}`, false},
		{`{"metadata.beta":{"$eq":"true"}}`, true},
		{`{"metadata.level":{"$gt":3}}`, false},
		{`{"metadata.level":{"$lt":30}}`, false},
		{`{"metadata.level":{"$not":{"$gt":3}}}`, true},
		{`{"metadata.level":{"$gt":"3"}}`, true},
		{`{"metadata.level":{"$gt":"30"}}`, true}, // by characters
		{`{"metadata.level":{"$eq":5}}`, false},
		{`{"metadata.level":{"$ne":5}}`, true},
		{`{"metadata.level":{"$in":[5,"5"]}}`, true},
		{`{"metadata.level":{"$nin":[5]}}`, true},
		// Lists.
		{`{"metadata.plan":{"$in":["paid","free"]}}`, true},
		{`{"metadata.plan":{"$in":[]}}`, false},
		{`{"metadata.age":{"$in":["30"]}}`, false},
		{`{"metadata.plan":{"$nin":["paid","free"]}}`, false},
		{`{"metadata.plan":{"$nin":["paid"]}}`, true},
		// Existence.
		{`{"metadata.plan":{"$exists":true}}`, true},
		{`{"metadata.plan":{"$exists":false}}`, false},
		{`{"metadata.x":{"$exists":false}}`, true},
		{`{"body.nothing":{"$exists":true}}`, true},
		// Patterns.
		{`{"metadata.plan":{"$regex":"^fr"}}`, true},
		{`{"metadata.plan":{"$regex":"^ree"}}`, false},
		{`{"metadata.plan":{"$regex":"(?i)FREE"}}`, true},
		{`{"metadata.age":{"$regex":"30"}}`, false},
		{`{"metadata.x":{"$regex":""}}`, false},
		// Combinations.
		{`{}`, true},
		{`null`, true},
		{`{"metadata.plan":"free","metadata.age":30}`, true},
		{`{"metadata.plan":"free","metadata.age":31}`, false},
		{`{"metadata.age":{"$gt":20,"$lt":40}}`, true},
		{`{"metadata.age":{"$gt":20,"$lt":25}}`, false},
		{`{"$and":[{"metadata.plan":"free"},{"metadata.age":30}]}`, true},
		{`{"$and":[{"metadata.plan":"free"},{"metadata.age":31}]}`, false},
		{`{"$or":[{"metadata.plan":"paid"},{"metadata.age":30}]}`, true},
		{`{"$or":[{"metadata.plan":"paid"},{"metadata.age":31}]}`, false},
		{`{"$nor":[{"metadata.plan":"paid"},{"metadata.age":31}]}`, true},
		{`{"$nor":[{"metadata.plan":"paid"},{"metadata.age":30}]}`, false},
		{`{"$not":{"metadata.plan":"paid"}}`, true},
		{`{"$not":{"metadata.plan":"free"}}`, false},
		{`{"metadata.age":{"$not":{"$gt":40}}}`, true},
		{`{"metadata.age":{"$not":{"$gt":20}}}`, false},
		{`{"metadata.plan":{"$not":"paid"}}`, true},
		{`{"metadata.x":{"$not":{"$gt":1}}}`, true},
		{`{"metadata.age":{"$or":[{"$lt":10},{"$gt":20}]}}`, true},
		{`{"metadata.age":{"$and":[{"$gt":10},{"$lt":20}]}}`, false},
		{`{"metadata.age":{"$nor":[{"$lt":10},{"$gt":40}]}}`, true},
		{`{"$or":[{"$and":[{"plan":"free"},{"$not":{"age":30}}]},{"headers.x-team":{"$in":["red"]}}]}`, true},
		{`{"$or":[{"plan":"paid"}],"metadata.plan":"free"}`, false},
		// A malformed condition is false, whatever is around it.
		{`{"metadata.plan":{"$eqq":"free"}}`, false},
		{`{"metadata.plan":{"$not":{"$eqq":"free"}}}`, false},
		{`{"$not":{"metadata.plan":{"$size":1}}}`, false},
		{`{"$nor":[{"metadata.plan":{"$type":"string"}}]}`, false},
		{`{"$or":[{"metadata.plan":"free"},{"$where":"true"}]}`, false},
		{`{"$not":{"$xor":[]}}`, false},
		{`{"metadata.plan":{"$eq":"free","plain":1}}`, false},
		{`{"metadata.plan":{"$in":"free"}}`, false},
		{`{"metadata.plan":{"$not":{"$nin":"free"}}}`, false},
		{`{"metadata.plan":{"$exists":1}}`, false},
		{`{"metadata.plan":{"$regex":"("}}`, false},
		{`{"metadata.plan":{"$not":{"$regex":"("}}}`, false},
		{`{"metadata.plan":{"$not":{"$regex":1}}}`, false},
		{`{"$not":{"$and":[]}}`, false},
		{`{"$nor":{"metadata.plan":"paid"}}`, false},
		{`{"$not":["metadata.plan"]}`, false},
		{`{"$or":["metadata.plan",{"plan":"free"}]}`, false},
		{`"metadata.plan == 'free'"`, false},
		{`[{"metadata.plan":"free"}]`, false},
		{`true`, false},
	}
	for _, tt := range tests {
		t.Run(tt.condition, func(t *testing.T) {
			if got := facts.Hold(decode(t, tt.condition)); got != tt.want {
				t.Errorf("the condition is %v, want %v", got, tt.want)
			}
		})
	}
}
