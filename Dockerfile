# One static program and nothing else; it runs as nobody in particular.
#
#   docker build -t clew .
#   docker run --rm -v "$PWD:/data" clew ingest aws /data/account.json
#   docker run --rm -v "$PWD:/data" clew path USER account:123456789012
FROM golang:1.26.8-trixie AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /clew ./cmd/clew

FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /clew /usr/local/bin/clew
COPY LICENSE NOTICE /
WORKDIR /data
ENTRYPOINT ["/usr/local/bin/clew"]
CMD ["--help"]
