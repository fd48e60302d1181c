package gateway

import (
	"fmt"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// Write-only arguments require a newer CLI than the rest of the provider.
const writeOnlyNote = " Write-only: not stored in state or plans, so a new value is sent only when `%s` changes. Needs Terraform 1.11 or OpenTofu 1.11."

func otelSchema() schema.Attribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: descriptions["otel"] + " Not set means off. The provider ignores what the service returns for `headers` and `authorization`, " +
			"since it may be masked: a refresh does not show drift in them, and an import does not read them.",
		CustomType: otelType,
		Optional:   true,
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"url": schema.StringAttribute{
				// checkOTel requires it: the CLI's own error would print the line.
				MarkdownDescription: "Required. Absolute URL that the traces are sent to.",
				Optional:            true,
			},
			"headers": schema.MapAttribute{
				MarkdownDescription: "Headers to send with the traces, which may contain a token. Stored in state; `headers_wo` is not.",
				ElementType:         types.StringType,
				Optional:            true,
				Sensitive:           true,
			},
			"headers_wo": schema.MapAttribute{
				MarkdownDescription: "Use it in place of `headers` to keep them out of state." + fmt.Sprintf(writeOnlyNote, "headers_wo_version"),
				ElementType:         types.StringType,
				Optional:            true,
				WriteOnly:           true,
				Sensitive:           true,
			},
			"headers_wo_version": versionSchema("headers_wo"),
			"authorization": authorizationSchema(
				"Reference to a secret of the Secrets Store, which the service sends as `Authorization`."),
			"authorization_wo":         authorizationWOSchema(),
			"authorization_wo_version": versionSchema("authorization_wo"),
			"content_type": schema.StringAttribute{
				MarkdownDescription: "Encoding of the traces: `json` (the default) or `protobuf`.",
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString("json"),
			},
		}},
	}
}

// authorizationSchema, authorizationWOSchema and versionSchema return the three
// attributes of a secret that is either stored or write-only.
func authorizationSchema(description string) schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: description + " Stored in state; `authorization_wo` is not.",
		Optional:            true,
		Sensitive:           true,
	}
}

func authorizationWOSchema() schema.Attribute {
	return schema.StringAttribute{
		MarkdownDescription: "Use it in place of `authorization` to keep it out of state." + fmt.Sprintf(writeOnlyNote, "authorization_wo_version"),
		Optional:            true,
		WriteOnly:           true,
		Sensitive:           true,
	}
}

func versionSchema(of string) schema.Attribute {
	// An Int64Attribute would refuse a fraction with an error that prints the line
	// of the configuration, which may hold a secret.
	return schema.NumberAttribute{
		MarkdownDescription: "Any number. Required with `" + of + "`. Change it to send `" + of + "` again.",
		Optional:            true,
	}
}

var (
	headersType      = types.MapType{ElemType: types.StringType}
	otelReceiverType = raw.NewObjectType(map[string]attr.Type{
		"url": types.StringType, "content_type": types.StringType,
		"headers": headersType, "headers_wo": headersType, "headers_wo_version": types.NumberType,
		"authorization": types.StringType, "authorization_wo": types.StringType, "authorization_wo_version": types.NumberType,
	})
	otelType = types.ListType{ElemType: otelReceiverType}
)

// checkOTel refuses values that cannot be sent. The errors have no path, since the
// CLI would print the line of the configuration, which may hold a secret.
func checkOTel(otel types.List, diags *diag.Diagnostics) {
	for i, element := range otel.Elements() {
		receiver, ok := element.(types.Object)
		if !ok || receiver.IsUnknown() {
			continue
		}
		refuse := func(problem string) {
			diags.AddError("Invalid OpenTelemetry receiver", fmt.Sprintf("otel[%d]: %s.", i, problem))
		}
		if receiver.IsNull() {
			refuse("a receiver must not be null")
			continue
		}
		if address := convert.Part[types.String](receiver, "url"); !address.IsUnknown() {
			if u, err := url.Parse(address.ValueString()); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
				refuse("url must be an absolute URL that starts with https:// or http://")
			}
		}
		switch contentType := convert.Part[types.String](receiver, "content_type"); {
		case contentType.IsNull(), contentType.IsUnknown(), contentType.ValueString() == "json", contentType.ValueString() == "protobuf":
		default:
			refuse("content_type must be json or protobuf")
		}
		for _, name := range []string{"headers", "headers_wo"} {
			for _, value := range convert.Part[types.Map](receiver, name).Elements() {
				if value.IsNull() {
					refuse(name + " must not have null values")
				}
			}
		}
		for _, secret := range []string{"headers", "authorization"} {
			plain, writeOnly := receiver.Attributes()[secret], receiver.Attributes()[secret+"_wo"]
			version := convert.Part[types.Number](receiver, secret+"_wo_version")
			if !plain.IsNull() && !writeOnly.IsNull() {
				refuse("set either " + secret + " or " + secret + "_wo, not both")
			}
			if !writeOnly.IsNull() && version.IsNull() {
				refuse(secret + "_wo needs " + secret + "_wo_version, a number to change whenever the value changes")
			}
			if writeOnly.IsNull() && !version.IsNull() {
				refuse(secret + "_wo_version goes with " + secret + "_wo, which is not set; remove both to remove the secret")
			}
		}
	}
}

// otelToAPI converts the receivers. Write-only secrets come from the configured
// list, if there is one.
func otelToAPI(from, configured types.List) []gateways.OTel {
	var to []gateways.OTel
	for i, element := range from.Elements() {
		receiver, ok := element.(types.Object)
		if !ok {
			continue
		}
		out := gateways.OTel{
			URL:           convert.Part[types.String](receiver, "url").ValueString(),
			Headers:       textsOf(convert.Part[types.Map](receiver, "headers")),
			Authorization: convert.Part[types.String](receiver, "authorization").ValueString(),
			ContentType:   convert.Part[types.String](receiver, "content_type").ValueString(),
		}
		if elements := configured.Elements(); i < len(elements) {
			written, _ := elements[i].(types.Object)
			if headers := convert.Part[types.Map](written, "headers_wo"); !headers.IsNull() {
				out.Headers = textsOf(headers)
			}
			if authorization := convert.Part[types.String](written, "authorization_wo"); !authorization.IsNull() {
				out.Authorization = authorization.ValueString()
			}
		}
		to = append(to, out)
	}
	return to
}

// otelFromAPI converts the receivers that the service returned. Secrets and their
// versions stay as they were known, since the service may mask them.
func otelFromAPI(from []gateways.OTel, known types.List) types.List {
	if len(from) == 0 {
		return types.ListNull(otelReceiverType)
	}
	receivers := make([]attr.Value, 0, len(from))
	for i, receiver := range from {
		attributes := map[string]attr.Value{
			"headers":                  types.MapNull(types.StringType),
			"headers_wo_version":       types.NumberNull(),
			"authorization":            types.StringNull(),
			"authorization_wo_version": types.NumberNull(),
		}
		if elements := known.Elements(); i < len(elements) {
			before, _ := elements[i].(types.Object)
			if convert.Part[types.String](before, "url").ValueString() == receiver.URL {
				for name := range attributes {
					attributes[name] = before.Attributes()[name]
				}
			}
		}
		attributes["url"] = types.StringValue(receiver.URL)
		attributes["content_type"] = types.StringValue(receiver.ContentType)
		attributes["headers_wo"], attributes["authorization_wo"] = types.MapNull(types.StringType), types.StringNull()
		receivers = append(receivers, types.ObjectValueMust(otelReceiverType.AttrTypes, attributes))
	}
	return types.ListValueMust(otelReceiverType, receivers)
}

func textsOf(from types.Map) map[string]string {
	to := map[string]string{}
	for name, element := range from.Elements() {
		if text, ok := element.(types.String); ok && !text.IsNull() {
			to[name] = text.ValueString()
		}
	}
	return to
}

// knowsSecrets reports whether a receiver in state has a secret, stored or
// write-only.
func knowsSecrets(receiver types.Object) bool {
	for _, name := range []string{"headers", "headers_wo_version", "authorization", "authorization_wo_version"} {
		if value, ok := receiver.Attributes()[name]; ok && !value.IsNull() {
			return true
		}
	}
	return false
}

// sameVersions reports whether the versions of all write-only secrets are equal.
func sameVersions(a, b features) bool {
	if len(a.OTel.Elements()) != len(b.OTel.Elements()) {
		return true // the lists differ, and so does the request
	}
	version := func(from types.Object, name string) types.Number { return convert.Part[types.Number](from, name) }
	for i, element := range a.OTel.Elements() {
		left, _ := element.(types.Object)
		right, _ := b.OTel.Elements()[i].(types.Object)
		for _, name := range []string{"headers_wo_version", "authorization_wo_version"} {
			if !version(left, name).Equal(version(right, name)) {
				return false
			}
		}
	}
	return version(a.Stripe, "authorization_wo_version").Equal(version(b.Stripe, "authorization_wo_version"))
}
