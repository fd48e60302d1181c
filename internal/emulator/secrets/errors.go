package secrets

// Error is an error of the Secrets Store: the word that its responses have as the
// message. Words were observed live (store_not_empty is documented) unless a comment
// says otherwise.
type Error string

func (e Error) Error() string { return string(e) }

// The errors of the Secrets Store.
const (
	ErrStoreNotFound  Error = "store_not_found"
	ErrStoreNotEmpty  Error = "store_not_empty"
	ErrTooManyStores  Error = "maximum_stores_exceeded"
	ErrStoreNameEmpty Error = "store_name_empty" // inferred
	ErrNotFound       Error = "secret_not_found"
	ErrExists         Error = "secret_name_already_exists"
	ErrBody           Error = "invalid_json_body"
	ErrPage           Error = "invalid_pagination" // inferred
	errNameEmpty      Error = "secret_name_empty"
	errName           Error = "secret_name_invalid"    // inferred
	errEmpty          Error = "secret_value_empty"     // inferred
	errTooLarge       Error = "secret_value_too_large" // inferred
	errScopesEmpty    Error = "secret_scopes_empty"
	errScope          Error = "secret_scope_invalid"
)
