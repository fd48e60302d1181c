package dynamicroute_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// picture returns the data source's Mermaid text of a route.
func picture(t *testing.T, s *acctest.Service, name string) string {
	t.Helper()
	value, diags := s.Protocol(t, nil).ReadDataSource(resourceType, attrs{"gateway_id": gatewayID, "name": name})
	if diags.HasError() {
		t.Fatal(diags)
	}
	text, _ := protocol.Object(t, value)["mermaid"].(string)
	return text
}

// made returns an element in the terms of the wire.
func made(id, kind string, properties attrs, outputs map[string]string) map[string]any {
	targets := attrs{}
	for output, to := range outputs {
		targets[output] = attrs{"elementId": to}
	}
	element := attrs{"id": id, "type": kind, "outputs": targets}
	if properties != nil {
		element["properties"] = properties
	}
	return element
}

// pictureOf returns the text for elements that somebody else made, after a start
// that leads to the first of them.
func pictureOf(t *testing.T, elements ...map[string]any) string {
	t.Helper()
	s := service(t)
	first, _ := elements[0]["id"].(string)
	all := append([]map[string]any{made("start", "start", nil, map[string]string{"next": first})}, elements...)
	s.Emulator.PutRoute(s.AccountID, gatewayID, "route", append(all, made("end", "end", nil, nil)))
	return picture(t, s, "route")
}

func requireText(t *testing.T, got string, lines ...string) {
	t.Helper()
	if want := strings.Join(lines, "\n") + "\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestMermaid draws the documented example.
func TestMermaid(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	r.MustApply(support())
	want := []string{
		`flowchart TD`,
		`  start(["start"])`,
		`  n1{"tier<br>{#quot;metadata.plan#quot;:{#quot;$eq#quot;:#quot;free#quot;}}"}`,
		`  n2{{"split<br>by percentage"}}`,
		`  n3{{"quota<br>100 requests in 60 s by metadata.user_id"}}`,
		`  n4["strong<br>openai/gpt-5.2"]`,
		`  n5["cheap<br>workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast"]`,
		`  stop(["end"])`,
		`  start --> n1`,
		`  n1 -->|"true"| n2`,
		`  n1 -->|"false"| n3`,
		`  n2 -->|"10%"| n4`,
		`  n2 -->|"else"| n5`,
		`  n3 -->|"success"| n4`,
		`  n3 -->|"fallback"| n5`,
		`  n4 -->|"success"| stop`,
		`  n4 -->|"fallback"| n5`,
		`  n5 -->|"success"| stop`,
		`  n5 -->|"fallback"| stop`,
	}
	for range 5 { // always the same
		requireText(t, picture(t, s, "customer-support"), want...)
	}
	// Written in another way, it is the same picture.
	r.MustApply(with(with(support(), "elements.tier.conditional.conditions", "{ \"metadata.plan\":\n {\"$eq\": \"free\"} }"), "name", "renamed"))
	requireText(t, picture(t, s, "renamed"), want...)
}

// TestMermaidOfOthers draws what no configuration of ours can make.
func TestMermaidOfOthers(t *testing.T) {
	t.Parallel()
	got := pictureOf(t,
		made("cache", "semantic_cache", nil, map[string]string{"hit": "end", "miss": "spend"}),
		made("spend", "rate", attrs{"key": "metadata.team", "limit": 2.5, "limitType": "cost", "window": 86400},
			map[string]string{"success": "split", "fallback": "gone"}),
		made("split", "percentage", nil, map[string]string{"100%": "spend", "9.5%": "end", "10%": "end", "else": "end"}),
		made("unused", "model", attrs{"provider": "openai", "model": "gpt-5.2", "timeout": 1, "retries": 0},
			map[string]string{"success": "end", "fallback": "lost"}),
		made("bare", "sink", nil, nil),
	)
	requireText(t, got,
		`flowchart TD`,
		`  start(["start"])`,
		`  n1[/"cache<br>semantic_cache"/]`,
		`  n2{{"spend<br>2.5 USD in 86400 s by metadata.team"}}`,
		`  n3{{"split<br>by percentage"}}`,
		`  n4[/"bare<br>sink"/]`,
		`  n5["unused<br>openai/gpt-5.2"]`,
		`  stop(["end"])`,
		`  start --> n1`,
		`  n1 -->|"hit"| stop`,
		`  n1 -->|"miss"| n2`,
		`  n2 -->|"success"| n3`,
		`  n2 -->|"fallback"| missing`,
		`  n3 -->|"9.5%"| stop`,
		`  n3 -->|"10%"| stop`,
		`  n3 -->|"100%"| n2`,
		`  n3 -->|"else"| stop`,
		`  n5 -->|"success"| stop`,
		`  n5 -->|"fallback"| missing`,
	)
}

// TestMermaidEscapes: nothing in a text ends the text, or means more.
func TestMermaidEscapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`a "b"`:            `a #quot;b#quot;`,
		`[x](y){z}|w|`:     `[x](y){z}|w|`,
		"one\ntwo\rthree":  `one two three`,
		`#35; #quot; &lt;`: `#35;35; #35;quot; #amp;lt;`,
		`<b>bold</b>`:      `#lt;b#gt;bold#lt;/b#gt;`,
		"`code`":           `#96;code#96;`,
		`$$x$$ $eq`:        `#36;#36;x#36;#36; $eq`,
		`%%{init}%% 5%`:    `#37;#37;{init}#37;#37; 5%`,
		`style a:b"`:       `styl#101; a:b#quot;`,
		`classDef a:b"`:    `classDe#102; a:b#quot;`,
		`größe 日本 🙂`:       `größe 日本 🙂`,
		`--> n1; click`:    `--#gt; n1; click`,
	} {
		element := made(text, "model", attrs{"provider": "p", "model": text, "timeout": 1, "retries": 0}, nil)
		got := pictureOf(t, element)
		if line := `  n1["` + want + `<br>p/` + want + `"]` + "\n"; !strings.Contains(got, line) {
			t.Errorf("%q: want the line %sgot\n%s", text, line, got)
		}
	}
}
