package logs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

const (
	// MaxDelete is how many logs one request deletes at most (documented).
	MaxDelete = 10000
	// idsPerDelete is how many logs one request names by their ids, which are in its
	// URL.
	idsPerDelete = 50
)

var (
	// ErrNotDeleted is that the service says that it deleted logs, and counts as many
	// as before.
	ErrNotDeleted = errors.New("the service responded with success, and counts as many of these logs as before")
	// ErrNotFiltered is that the service counts other logs than it was asked for,
	// so that a deletion could hit any log.
	ErrNotFiltered = errors.New("the service does not count the logs that it was asked for, so none of them was deleted")

	errNoSelection = errors.New("a deletion needs a condition, or has to be of all logs")
	errNoTotal     = errors.New("the response does not say how many logs there are (total_count)")
)

// A Deletion says which logs to delete.
type Deletion struct {
	// Query selects the logs. Its order is of no account.
	Query Query
	// All must be set to delete all logs, and only then may the query be without any
	// condition.
	All bool
	// OnProgress gets what is done so far after each request that deletes, and before
	// the first. It may be nil.
	OnProgress func(Progress)
}

// Progress is what a deletion has done, by the service's counts before and after each
// request. The service writes logs meanwhile.
type Progress struct {
	// Deleted is how many logs fewer the service counts.
	Deleted int64
	// Left is how many logs that are to be deleted it counts.
	Left int64
	// Doubtful is whether more may have been deleted: the last request to delete may have
	// been carried out, and no count followed.
	Doubtful bool
}

// Delete deletes logs of a gateway, the oldest first, and nothing that [List] does not
// find with the same query. It returns what was done, also beside an error.
//
// What the service checks exactly, it is asked to delete, [MaxDelete] logs at a time and
// as many times as the first count takes. Otherwise, and for what is left at the limits
// of times, which the service compares to the second (observed), the logs are listed,
// and deleted by their ids: of such logs, [List] reads [Max] at most.
//
// A deletion is safe to repeat, and a response that was lost leaves nothing behind but
// the doubt how many logs are gone.
func Delete(ctx context.Context, c *client.Client, accountID, gatewayID string, d Deletion) (Progress, error) {
	if err := client.CheckGateway(accountID, gatewayID); err != nil {
		return Progress{}, err
	}
	if err := c.Capabilities().CheckCapability(c.Capabilities().DeleteLogs, "deletions of logs"); err != nil {
		return Progress{}, err
	}
	if d.Query.isEmpty() != d.All {
		return Progress{}, errNoSelection
	}
	run := deletion{Deletion: d, client: c, accountID: accountID, gatewayID: gatewayID}
	conditions, exact, ok, err := d.Query.strict()
	if ok && err == nil {
		err = run.deleteMatching(ctx, conditions)
	}
	if err == nil && !exact {
		err = run.deleteListed(ctx)
	}
	return run.done, err
}

// deletion is a [Deletion] that is under way.
type deletion struct {
	Deletion
	client               *client.Client
	accountID, gatewayID string
	done                 Progress
}

// deleteMatching deletes the logs that meet conditions which the service checks.
func (d *deletion) deleteMatching(ctx context.Context, conditions []condition) error {
	left, err := d.count(ctx, conditions)
	if err != nil {
		return err
	}
	rounds := (left + MaxDelete - 1) / MaxDelete
	for d.report(0, left); rounds > 0 && left > 0; rounds-- {
		before := left
		if left, err = d.delete(ctx, conditions, before); err != nil {
			return err
		}
		d.report(before-left, left)
	}
	return nil
}

// deleteListed deletes the logs that [List] finds, by their ids.
func (d *deletion) deleteListed(ctx context.Context) error {
	query := d.Query
	query.OnTotal, query.OrderBy, query.Ascending = nil, "", true
	var ids []any
	for log, err := range List(ctx, d.client, d.accountID, d.gatewayID, query) {
		if err != nil {
			return err
		}
		ids = append(ids, log.ID)
	}
	left := int64(len(ids))
	d.report(0, left)
	first := true
	for batch := range slices.Chunk(ids, idsPerDelete) {
		conditions := []condition{{Key: "id", Operator: "eq", Value: batch}}
		size := int64(len(batch))
		if first {
			// That a log matches if it has one of several values is inferred.
			counted, err := d.count(ctx, conditions)
			if err != nil {
				return err
			}
			if counted == 0 || counted > size {
				return fmt.Errorf("%w (%d logs by their IDs, of which it counts %d)", ErrNotFiltered, size, counted)
			}
			first = false
		}
		rest, err := d.delete(ctx, conditions, size)
		if err != nil {
			return err
		}
		left -= size - rest
		d.report(size-rest, left)
	}
	return nil
}

// report adds to what is done.
func (d *deletion) report(deleted, left int64) {
	d.done.Deleted, d.done.Left = d.done.Deleted+deleted, left
	if d.OnProgress != nil {
		d.OnProgress(d.done)
	}
}

// delete deletes logs that meet the conditions, or any logs if there are none, and returns
// how many are left. There were so many before.
func (d *deletion) delete(ctx context.Context, conditions []condition, before int64) (left int64, err error) {
	// No more than were counted, so that a misunderstood filter is not fatal.
	limit := strconv.FormatInt(min(before, MaxDelete), 10)
	call := client.Call1(d.client.AIGateway().Logs.Delete, d.gatewayID, ai_gateway.LogDeleteParams{AccountID: client.InAccount(d.accountID).AccountID}).
		WithQuery("limit", limit).WithQuery("order_by", "created_at").WithQuery("order_by_direction", "asc")
	if call, err = withFilters(call, conditions); err != nil {
		return 0, err
	}
	if err := d.client.DeleteMany(ctx, client.Request{Operation: "delete logs"}, call); err != nil {
		d.done.Doubtful = errors.Is(err, client.ErrUnavailable) || errors.Is(err, client.ErrUnexpectedResponse)
		return 0, err
	}
	if left, err = d.count(ctx, conditions); err != nil {
		d.done.Doubtful = true
		return 0, err
	}
	if left >= before {
		return 0, fmt.Errorf("%w (%d)", ErrNotDeleted, before)
	}
	return left, nil
}

// count returns how many logs meet the conditions by the service's count.
func (d *deletion) count(ctx context.Context, conditions []condition) (int64, error) {
	call := client.Call1(d.client.AIGateway().Logs.List, d.gatewayID, ai_gateway.LogListParams{AccountID: client.InAccount(d.accountID).AccountID}).
		WithQuery("page", "1").WithQuery("per_page", "1")
	call, err := withFilters(call, conditions)
	if err != nil {
		return 0, err
	}
	resp, err := d.client.Send(ctx, client.Request{Operation: "count logs", MaxBody: client.MaxListBody}, call)
	if err != nil {
		return 0, err
	}
	page, err := client.Decoder[logResponse, *Log]{Noun: noun, Identify: logResponse.identity, Convert: logResponse.checkedLog}.
		DecodePage(resp, identity(d.accountID, ""))
	switch {
	case err != nil:
		return 0, err
	case page.Total == nil:
		return 0, resp.Unexpected(errNoTotal)
	}
	return *page.Total, nil
}

func withFilters(call client.Call, conditions []condition) (client.Call, error) {
	if len(conditions) == 0 {
		return call, nil
	}
	encoded, err := json.Marshal(conditions)
	return call.WithQuery("filters", string(encoded)), err
}

// isEmpty reports whether the query matches any log.
func (q Query) isEmpty() bool {
	return q.Search == "" && len(q.conditions()) == 0 && len(q.Filters) == 0
}

// strict returns conditions that the service checks alone, which match no log that the
// query does not match. They are exact if they match all logs that it matches. There are
// none, and it is not ok, for a search, which deletions do not have, for metadata, whose
// keys and values the service matches independently, and for numbers, where it is not
// known how the service compares a log without the number.
func (q Query) strict() (conditions []condition, exact, ok bool, err error) {
	if q.Search != "" || len(q.Metadata) > 0 {
		return nil, false, false, nil
	}
	for _, bounds := range []Range{q.Cost, q.Duration, q.TokensIn, q.TokensOut, q.TotalTokens} {
		if bounds != (Range{}) {
			return nil, false, false, nil
		}
	}
	from, to := q.From, q.To
	q.From, q.To = time.Time{}, time.Time{}
	conditions = q.conditions()
	// However the service rounds, what it takes for later than a whole second is not
	// earlier, and the other way round.
	if !from.IsZero() {
		conditions = append(conditions, condition{Key: "created_at", Operator: "gt", Value: []any{logTime(ceilSecond(from))}})
	}
	if !to.IsZero() {
		conditions = append(conditions, condition{Key: "created_at", Operator: "lt", Value: []any{logTime(to.Truncate(time.Second))}})
	}
	if conditions, err = q.appendFilters(conditions); err != nil {
		return nil, false, false, err
	}
	return conditions, from.IsZero() && to.IsZero(), true, nil
}

// ceilSecond returns the first whole second that is not before t.
func ceilSecond(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); !whole.Equal(t) {
		return whole.Add(time.Second)
	}
	return t
}
