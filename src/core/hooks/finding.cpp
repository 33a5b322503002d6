// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/finding.h"

#include <algorithm>
#include <iterator>

namespace {

auto first_error(const Findings& findings) { return std::ranges::find(findings, Severity::error, &Finding::severity); }

}  // namespace

Finding finding_of(Severity severity, const Error& error, std::string file) {
  return {severity, error.text, std::move(file), error.line, error.column};
}

bool has_errors(const Findings& findings) { return first_error(findings) != findings.end(); }

void require_no_errors(const Findings& findings) {
  if (const auto found = first_error(findings); found != findings.end()) throw Error(found->text);
}

void append(Findings& findings, Findings&& part) { std::ranges::move(part, std::back_inserter(findings)); }
