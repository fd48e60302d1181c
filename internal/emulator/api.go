package emulator

import (
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/dataplane"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/providerapi"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
)

// The types of the packages below that are part of this package's API.
type (
	// Clock is the server's time.
	Clock = store.Clock
	// Direct has the methods that act without the API.
	Direct = store.Direct
	// Quirk names one behavior that can be switched.
	Quirk = quirk.Quirk
	// StoredRoute is a dynamic route as it is stored.
	StoredRoute = store.StoredRoute
	// StoredPolicy is a policy as it is stored.
	StoredPolicy = store.StoredPolicy
	// StoredDeployment is one deployment of a version of a route.
	StoredDeployment = store.StoredDeployment
)

// The quirks; package store documents what each one does.
const (
	CreateAcceptsAll           = quirk.CreateAcceptsAll
	PutKeepsOmitted            = quirk.PutKeepsOmitted
	UnknownFields              = quirk.UnknownFields
	StrictBodies               = quirk.StrictBodies
	PaidPlan                   = quirk.PaidPlan
	EchoNull                   = quirk.EchoNull
	OmitUnset                  = quirk.OmitUnset
	ExtraFields                = quirk.ExtraFields
	NoBYOKOnly                 = quirk.NoBYOKOnly
	SecretsMasked              = quirk.SecretsMasked
	SecretsOmitted             = quirk.SecretsOmitted
	LogMetadataString          = quirk.LogMetadataString
	RouteElementsTop           = quirk.RouteElementsTop
	RouteRepliesBare           = quirk.RouteRepliesBare
	RouteListLags              = quirk.RouteListLags
	RouteNameClash500          = quirk.RouteNameClash500
	VersionsRefusePaging       = quirk.VersionsRefusePaging
	ProviderConfigBool         = quirk.ProviderConfigBool
	ProviderConfigListLags     = quirk.ProviderConfigListLags
	SecretStaysPending         = quirk.SecretStaysPending
	CustomProviderUnixTimes    = quirk.CustomProviderUnixTimes
	CustomProviderPatchIgnores = quirk.CustomProviderPatchIgnores
	CustomProviderHidesHeaders = quirk.CustomProviderHidesHeaders
	PoliciesLag                = quirk.PoliciesLag
	PoliciesStayDrafts         = quirk.PoliciesStayDrafts
)

// AccessIdentityHeader is a request header that plays a verified Access JWT: a JSON object
// with the identity.
const AccessIdentityHeader = dataplane.AccessIdentityHeader

// RejectedKey begins keys that every provider rejects with HTTP 401.
const RejectedKey = dataplane.RejectedKey

// NewClock returns a clock that stands still at start. Only [Clock.Advance] moves it.
func NewClock(start time.Time) *Clock { return store.NewClock(start) }

// Quirks returns all quirks, always in the same order.
func Quirks() []Quirk { return quirk.All() }

// GatewayQuirks returns the quirks that can show in a gateway.
func GatewayQuirks() []Quirk { return quirk.OfGateways() }

// RouteQuirks returns the quirks that can show in a dynamic route.
func RouteQuirks() []Quirk { return quirk.OfRoutes() }

// KeyQuirks returns the quirks that can show in a provider config or a custom
// provider.
func KeyQuirks() []Quirk { return quirk.OfKeys() }

// PolicyQuirks returns the quirks that can show in a policy.
func PolicyQuirks() []Quirk { return quirk.OfPolicies() }

// ParseQuirk returns the quirk of a name. The error for an unknown name lists the
// known ones.
func ParseQuirk(name string) (Quirk, error) { return quirk.Parse(name) }

// KeyFingerprint returns how the built-in model names the key that it was sent:
// "sha256:" and the first 16 hexadecimal digits of the key's hash.
func KeyFingerprint(key string) string { return providerapi.KeyFingerprint(key) }
