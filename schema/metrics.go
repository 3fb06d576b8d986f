package schema

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// metrics are what /metrics shows. Labels come from closed lists, never from
// clients.
type metrics struct {
	registry   *prometheus.Registry
	operations *prometheus.CounterVec
	seconds    *prometheus.HistogramVec
	rows       *prometheus.CounterVec
	cuts       *prometheus.CounterVec
	cost       *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "clew_operations_total", Help: "GraphQL operations by field of Query and error code, OK for none.",
		}, []string{"field", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "clew_operation_seconds", Help: "Time that GraphQL operations took.",
			Buckets: prometheus.ExponentialBuckets(0.0005, 4, 9),
		}, []string{"field"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "clew_rows_total", Help: "Rows that answers held.",
		}, []string{"field"}),
		cost: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "clew_cost_total", Help: "What operations were reckoned to cost before they ran, in fields of an answer.",
		}, []string{"field"}),
		cuts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "clew_cuts_total", Help: "Answers that a bound cut, by bound.",
		}, []string{"field", "bound"}),
	}
	m.registry.MustRegister(m.operations, m.seconds, m.rows, m.cuts, m.cost,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// refused counts a request that never became an operation.
func (m *metrics) refused(err *gqlerror.Error) {
	m.operations.WithLabelValues("none", codes(gqlerror.List{err})[0]).Inc()
}

func (m *metrics) observe(told report, took time.Duration, codes []string) {
	if len(codes) == 0 {
		codes = []string{"OK"}
	}
	for _, code := range codes {
		m.operations.WithLabelValues(told.field, code).Inc()
	}
	m.seconds.WithLabelValues(told.field).Observe(took.Seconds())
	told.mu.Lock()
	defer told.mu.Unlock()
	m.rows.WithLabelValues(told.field).Add(float64(told.rows))
	m.cost.WithLabelValues(told.field).Add(float64(told.cost))
	if told.cut != "" {
		m.cuts.WithLabelValues(told.field, string(told.cut)).Inc()
	}
}
