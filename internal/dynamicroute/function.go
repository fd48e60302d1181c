package dynamicroute

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ function.Function = mermaidFunction{}

// A mermaidFunction draws a graph that need not exist.
type mermaidFunction struct{}

// NewMermaidFunction returns the function route_mermaid.
func NewMermaidFunction() function.Function { return mermaidFunction{} }

// Metadata sets the name of the function.
func (mermaidFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "route_mermaid"
}

// Definition sets the parameters and the result of the function.
func (mermaidFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Diagram of a dynamic route",
		MarkdownDescription: "Returns the graph of a dynamic route as a [Mermaid](https://mermaid.js.org) flowchart, before the route exists: " +
			"for the description of a pull request, or a page about the route. GitHub and GitLab render it in a code block of the language " +
			"`mermaid`. It needs no request.\n\n" +
			"An edge to an element that does not exist leads to `missing`, and elements that no request can reach are drawn, too. The plan of " +
			"`aigateway_dynamic_route` refuses such a graph. If an argument contains a value that is known only after apply, so is the diagram. " +
			"The attribute `mermaid` of the data source `aigateway_dynamic_route` is the same diagram of a route that exists.\n\n" +
			"Provider functions need Terraform 1.8 or OpenTofu 1.7.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "entry",
				MarkdownDescription: "ID of the first element, as `entry` of `aigateway_dynamic_route`.",
			},
			// An object type of the protocol has no optional attributes, and elements have.
			function.DynamicParameter{
				Name: "elements",
				MarkdownDescription: "Elements by ID: an object or a map, as `elements` of `aigateway_dynamic_route`. Each has exactly one of " +
					"`conditional`, `percentage`, `rate` and `model`; the others can be left out or null.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run draws the graph.
func (mermaidFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var entry types.String
	var argument types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &entry, &argument); resp.Error != nil {
		return
	}
	const elementsArgument = 1
	elements, err := elementsOf(ctx, argument)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(elementsArgument, err.Error())
		return
	}
	if problems := undrawable(checkGraph(ctx, entry, elements)); problems != "" {
		resp.Error = function.NewArgumentFuncError(elementsArgument, problems)
		return
	}
	graph, _ := model{Entry: entry, Elements: elements}.graph() // core passes known values only
	resp.Error = resp.Result.Set(ctx, mermaid(graph))
}

// undrawable describes the mistakes that no route can have. A graph with other mistakes can
// be drawn, which shows most of them.
func undrawable(findings []finding) string {
	var problems []string
	for _, f := range findings {
		if f.grade == refused {
			problems = append(problems, f.detail())
		}
	}
	return strings.Join(problems, "\n")
}
