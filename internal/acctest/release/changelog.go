package release

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// A Section is the part of the changelog about one version.
type Section struct {
	// Version has no leading v.
	Version string
	// Date is "Unreleased" or of the form "January 2, 2006".
	Date string
	// Text is what follows the heading.
	Text string
}

var heading = regexp.MustCompile(`(?m)^## (\S+) \((.+)\)$`)

// Changelog returns the sections of CHANGELOG.md, the newest first.
func Changelog(content string) ([]Section, error) {
	found := heading.FindAllStringSubmatchIndex(content, -1)
	if len(found) == 0 || found[0][0] != 0 {
		return nil, errors.New(`CHANGELOG.md does not begin with "## X.Y.Z (Month day, year)" or "## X.Y.Z (Unreleased)"`)
	}
	var sections []Section
	for i, at := range found {
		end := len(content)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		sections = append(sections, Section{
			Version: content[at[2]:at[3]], Date: content[at[4]:at[5]], Text: strings.TrimSpace(content[at[1]:end]) + "\n",
		})
	}
	return sections, nil
}

// Notes returns what the changelog says about a version that is to be released.
func Notes(content, version string) (string, error) {
	sections, err := Changelog(content)
	if err != nil {
		return "", err
	}
	newest := sections[0]
	switch {
	case newest.Version != version:
		return "", fmt.Errorf("CHANGELOG.md begins with version %s, and the release is %s", newest.Version, version)
	case newest.Date == "Unreleased":
		return "", fmt.Errorf("CHANGELOG.md calls version %s unreleased: write the date of the release", version)
	}
	return newest.Text, nil
}
