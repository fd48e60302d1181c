package emulator_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/png"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// browser returns the path of Chromium. It skips the test where there is none.
func browser(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: a browser takes seconds to start, and -short is set")
	}
	if path := os.Getenv("CHROMIUM_PATH"); path != "" {
		return path
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("skipped: no browser. Install Debian's chromium, or set CHROMIUM_PATH, to look at the status page in one")
	return ""
}

// browse runs the browser with a profile of its own, and returns what it prints.
func browse(t *testing.T, path, url string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	all := append([]string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking",
		"--no-first-run", "--hide-scrollbars",
	}, args...)
	var err error
	var stdout, stderr bytes.Buffer
	for range 3 { // browsers crash on busy machines
		profile := t.TempDir()
		cmd := exec.CommandContext(ctx, path, append(slices.Clone(all), "--user-data-dir="+profile, url)...)
		cmd.Env = append(os.Environ(), "HOME="+profile)
		stdout.Reset()
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err = cmd.Run(); err == nil {
			return stdout.String()
		}
	}
	t.Fatalf("%s %s: %v\n%s", path, strings.Join(args, " "), err, stderr.String())
	return ""
}

// TestStatusInABrowser looks at the page in a real browser: that it renders, wide and
// narrow, light and dark, and that what others have written runs nothing. The screenshots
// go to STATUS_SCREENSHOTS, if it is set.
func TestStatusInABrowser(t *testing.T) {
	chromium := browser(t)
	h := furnish(t)
	h.PutGateway(accountID, object{"id": "hostile", "guardrails": object{"prompt": object{`<script>document.title="run"</script>`: "BLOCK"}}})
	h.chat("production", `openai/<img src=x onerror="document.title='run'">`, "hi")
	h.Open()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)

	dom := browse(t, chromium, server.URL+"/", "--dump-dom")
	for _, want := range []string{"<title>AI Gateway emulator</title>", "Gateway production", "<svg", "&lt;img src=x", "support"} {
		if !strings.Contains(dom, want) {
			t.Errorf("the browser's page lacks %q", want)
		}
	}
	for _, secret := range theSecrets {
		if strings.Contains(dom, secret) {
			t.Errorf("the browser shows the secret %q", secret)
		}
	}

	folder := os.Getenv("STATUS_SCREENSHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int{1280, 500} {
			if (scheme == "dark") == (width == 1280) && os.Getenv("STATUS_SCREENSHOTS") == "" {
				continue // a browser takes seconds to start
			}
			file := filepath.Join(folder, fmt.Sprintf("status-%s-%d.png", scheme, width))
			args := []string{"--screenshot=" + file, fmt.Sprintf("--window-size=%d,3400", width)}
			if scheme == "dark" {
				args = append(args, "--blink-settings=preferredColorScheme=0")
			} else {
				args = append(args, "--blink-settings=preferredColorScheme=1")
			}
			browse(t, chromium, server.URL+"/", args...)
			lookAt(t, file, width, scheme == "dark")
		}
	}
}

// lookAt checks a screenshot: its width, that it has the background of its scheme, and
// more colours than a page that has lost its style.
func lookAt(t *testing.T, file string, width int, dark bool) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if got := picture.Bounds().Dx(); got != width {
		t.Errorf("%s is %d wide, want %d", file, got, width)
	}
	red, green, blue, _ := picture.At(2, 2).RGBA()
	if isDark := (red+green+blue)/3 < 0x8000; isDark != dark {
		t.Errorf("%s: the background is %x %x %x", file, red, green, blue)
	}
	colours := map[[3]uint32]bool{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 2 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 2 {
			r, g, b, _ := picture.At(x, y).RGBA()
			colours[[3]uint32{r, g, b}] = true
		}
	}
	if len(colours) < 50 {
		t.Errorf("%s has %d colours: the page has lost its style", file, len(colours))
	}
}
