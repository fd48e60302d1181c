// Package live asks a Cloudflare account the questions that Cloudflare's documents leave
// open, and writes down what the service answers.
//
// A [Question] sends a few requests and reduces the responses to a short value, such as
// "dropped" or "404 7002". The value that the emulator gives, and the values that it gives
// under its quirks, turn this into a verdict. Tests ask the emulator all questions, with
// and without each quirk, so the questions and the emulator cannot part.
package live

import (
	"context"
	"errors"
	"fmt"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A Question is one thing that is not known about the service.
type Question struct {
	// Name identifies the question, such as "create/otel".
	Name string
	// Question is what is asked, in a sentence.
	Question string
	// Documented says what Cloudflare's documents and observers say.
	Documented string
	// Emulated is the value that the emulator gives by default.
	Emulated string
	// Quirks are the values that the emulator gives under one of its quirks.
	Quirks map[string]emulator.Quirk
	// Probe asks. It may leave objects behind: their names begin with the session's
	// prefix, and the run deletes them.
	Probe func(context.Context, *Session) (Answer, error)
}

// An Answer is what the service did.
type Answer struct {
	// Value is the essence, in words that are always the same.
	Value string
	// Detail says more, for people.
	Detail string
	// Samples are responses worth keeping, by name.
	Samples map[string]Response
}

// A Verdict says how an answer relates to the emulator.
type Verdict string

// The verdicts.
const (
	// AsEmulator means that the service does what the emulator does by default.
	AsEmulator Verdict = "as the emulator"
	// AsQuirk means that it does what the emulator does under a quirk.
	AsQuirk Verdict = "as quirk"
	// Different means that it does something else.
	Different Verdict = "something else"
	// NotAsked means that the account or the options do not allow the question.
	NotAsked Verdict = "not asked"
	// NotPermitted means that the token lacks a permission.
	NotPermitted Verdict = "not permitted"
	// Failed means that the probe could not finish.
	Failed Verdict = "failed"
)

// A Result is a question with its answer.
type Result struct {
	Question Question
	Answer   Answer
	Verdict  Verdict
	// Quirk is set with AsQuirk.
	Quirk emulator.Quirk
	// Err is set with NotAsked, NotPermitted and Failed.
	Err error
	// Exchanges are the requests that were made, in order.
	Exchanges []Exchange
}

// judge returns the result of a question.
func judge(q Question, answer Answer, err error) Result {
	r := Result{Question: q, Answer: answer, Err: err}
	var unasked unaskedError
	quirk, known := q.Quirks[answer.Value]
	switch {
	case errors.As(err, &unasked):
		r.Verdict = NotAsked
	case errors.Is(err, errNotPermitted):
		r.Verdict = NotPermitted
	case err != nil:
		r.Verdict = Failed
	case answer.Value == q.Emulated:
		r.Verdict = AsEmulator
	case known:
		r.Verdict, r.Quirk = AsQuirk, quirk
	default:
		r.Verdict = Different
	}
	return r
}

// An unaskedError is the reason why a question was not asked.
type unaskedError string

func (e unaskedError) Error() string { return string(e) }

func unasked(format string, args ...any) error { return unaskedError(fmt.Sprintf(format, args...)) }

var errNotPermitted = errors.New("the token lacks a permission")

// Questions returns all questions, in the order in which they are asked.
func Questions() []Question {
	var all []Question
	for _, area := range [][]Question{
		creationQuestions(), updateQuestions(), readingQuestions(), bodyQuestions(), refusalQuestions(), listQuestions(),
		routeQuestions(), historyQuestions(), keyQuestions(), customQuestions(), storeQuestions(), policyQuestions(), planeQuestions(), logQuestions(),
	} {
		all = append(all, area...)
	}
	return all
}
