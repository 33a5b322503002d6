// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/finding.h"

#include <algorithm>
#include <iterator>

namespace {

auto first_error(const Findings& findings) { return std::ranges::find(findings, Severity::error, &Finding::severity); }

}  // namespace

bool has_errors(const Findings& findings) { return first_error(findings) != findings.end(); }

void require_no_errors(const Findings& findings) {
  if (const auto found = first_error(findings); found != findings.end()) throw Error(found->text);
}

void append(Findings& findings, Findings&& part) { std::ranges::move(part, std::back_inserter(findings)); }
