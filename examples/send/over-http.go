// Sends an event over HTTP: VIGIL_URL=http://localhost:3000 VIGIL_TOKEN=… CLIENT=client-03 go run over-http.go
package main

import (
	"log"
	"net/http"
	"os"
	"strings"
)

func main() {
	url := os.Getenv("VIGIL_URL") + "/api/clients/" + os.Getenv("CLIENT") + "/events/temperature"
	request, _ := http.NewRequest("POST", url, strings.NewReader(`{"machineId":"m1","celsius":85}`))
	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + os.Getenv("VIGIL_TOKEN")}}
	answer, err := http.DefaultClient.Do(request)
	if err != nil || answer.StatusCode != http.StatusAccepted {
		log.Fatal("The event is not stored: ", answer, err)
	}
}
