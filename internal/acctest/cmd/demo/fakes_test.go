package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

const (
	// roleVariable tells this test binary to be a CLI or an emulator.
	roleVariable = "DEMO_TEST_ROLE"
	// faultVariable names what goes wrong.
	faultVariable = "DEMO_TEST_FAULT"
)

func fault(name string) bool { return os.Getenv(faultVariable) == name }

// fakeCLI does to the emulator what the demo expects a CLI to do.
func fakeCLI(args []string) {
	for _, name := range []string{"CF_AIG_TOKEN", "AIGATEWAY_MAX_RETRIES"} {
		if os.Getenv(name) != "" {
			log.Fatalf("%s has reached the CLI", name)
		}
	}
	control := os.Getenv("CLOUDFLARE_BASE_URL") + "/accounts/" + os.Getenv("CLOUDFLARE_ACCOUNT_ID") + "/ai-gateway/gateways"
	data := os.Getenv("AIGATEWAY_GATEWAY_BASE_URL") + "/" + os.Getenv("CLOUDFLARE_ACCOUNT_ID") + "/demo"
	if fault(args[0] + "-exits-1") {
		fmt.Println("something is wrong")
		os.Exit(1)
	}
	switch args[0] {
	case "init":
		if !fault("init-installs-nothing") {
			if err := os.MkdirAll(filepath.Join(".terraform", "providers", "registry.opentofu.org", "acme", "aigateway", version), 0o755); err != nil {
				log.Fatal(err)
			}
		}
	case "apply":
		if fault("apply-hangs") {
			hang()
		}
		if !fault("apply-creates-nothing") {
			send(http.MethodPost, control)
		}
		if fault("apply-writes-twice") {
			send(http.MethodPut, control+"/demo")
		}
	case "output":
		compat := data + "/compat"
		if fault("output-is-wrong") {
			compat = data
		}
		fmt.Printf(`{"gateway_url":{"value":%q},"compat_base_url":{"value":%q}}`, data, compat)
	case "plan":
		if fault("plan-writes") {
			send(http.MethodPut, control+"/demo")
		}
		if fault("plan-is-not-empty") {
			os.Exit(2)
		}
	case "test":
		fakeTest(data)
	case "destroy":
		if !fault("destroy-leaves-it") {
			send(http.MethodDelete, control+"/demo")
		}
	default:
		log.Fatalf("unexpected command %q", args)
	}
}

func fakeTest(data string) {
	if !fault("test-sends-nothing") {
		for range 3 {
			send(http.MethodPost, data+"/compat/chat/completions")
		}
	}
	switch {
	case fault("test-runs-one"):
		fmt.Println("Success! 1 passed, 0 failed.")
	case fault("test-skips"):
		fmt.Println("Success! 2 passed, 0 failed, 1 skipped.")
	default:
		fmt.Println("Success! 2 passed, 0 failed.")
	}
}

// hang waits for an interrupt as a CLI under way does.
func hang() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)
	fmt.Println("hanging")
	<-signals
	fmt.Println("apply: interrupted")
	os.Exit(1)
}

func send(method, url string) {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		log.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	resp.Body.Close()
}

// fakeEmulator knows one gateway, answers two requests to a model and refuses
// the others.
func fakeEmulator(args []string) {
	if fault("emulator-says-nothing") {
		fmt.Println("no such flag")
		os.Exit(2)
	}
	if fault("emulator-wont-stop") {
		signal.Ignore(os.Interrupt, syscall.SIGTERM)
	}
	requests, err := os.Create(args[len(args)-1])
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("listening at http://%s\n", listener.Addr())

	var mu sync.Mutex
	gateways, chats := []map[string]string{}, 0
	log.Fatal(http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		status := http.StatusOK
		switch {
		case strings.HasSuffix(r.URL.Path, "/chat/completions"):
			if chats++; chats > 2 {
				status = http.StatusTooManyRequests
			}
		case r.Method == http.MethodPost:
			gateways = append(gateways, map[string]string{"id": gateway})
		case r.Method == http.MethodDelete:
			gateways = gateways[:0]
		}
		line, _ := json.Marshal(request{Method: r.Method, Path: r.URL.Path, Status: status})
		_, _ = requests.Write(append(bytes.TrimSpace(line), '\n'))
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "result": gateways})
	})))
}
