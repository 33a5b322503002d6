// The record as other tools read it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/record/record.h"

/// The text format of Prometheus: a counter of runs by hook, stage and result, and a histogram of their durations by
/// hook and stage. Never a label with the container: each would be a time series of its own.
std::string as_prometheus(const std::vector<Record>& records);

/// OpenTelemetry's OTLP in JSON: a line for each container, a trace, with a span for each run.
std::string as_otlp(const std::vector<Record>& records);

/// The trace event format of Chrome's tracing and Perfetto: a process for each container.
std::string as_chrome_trace(const std::vector<Record>& records);
