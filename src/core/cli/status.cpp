// SPDX-License-Identifier: Apache-2.0
#include "core/cli/status.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/cli/table.h"
#include "core/text/split.h"

namespace {

struct HealthName {
  std::string_view word;      // for people
  std::string_view colour;    // ECMA-48
  std::string_view spelling;  // in JSON
};

constexpr std::array<HealthName, 4> health_names = {{
    {"-", "\033[2m", "absent"},
    {"ok", "\033[32m", "ok"},
    {"warning", "\033[33m", "warning"},
    {"BROKEN", "\033[31;1m", "broken"},
}};

const HealthName& name_of(Health health) { return health_names[static_cast<std::size_t>(health)]; }

std::string sentence_of(const Remark& remark) {
  return remark.cure.empty() ? remark.text : fmt::format("{} ({})", remark.text, remark.cure);
}

std::string problems_of(const Subject& subject) {
  std::vector<std::string> problems;
  for (const Remark& remark : subject.remarks)
    if (remark.health > Health::good)
      problems.push_back(json_object({{"severity", json_quoted(name_of(remark.health).spelling)},
                                      {"text", json_quoted(remark.text)},
                                      {"cure", remark.cure.empty() ? "null" : json_quoted(remark.cure)}}));
  return json_array(problems);
}

std::string as_object(const Subject& subject) {
  std::vector<JsonPair> members = subject.facts;
  members.push_back({"health", json_quoted(name_of(subject.health()).spelling)});
  members.push_back({"problems", problems_of(subject)});
  return json_object(members);
}

// There may be several subjects of the other kinds.
bool is_single(std::string_view kind) { return kind == "toolkit" || kind == "config"; }

}  // namespace

std::string status_as_text(const std::vector<Subject>& subjects, std::size_t width, bool in_colour) {
  Table table;
  std::string_view last;
  for (const Subject& subject : subjects)
    for (const Remark& remark : subject.remarks) {
      const HealthName& health = name_of(remark.health);
      table.add({{std::exchange(last, subject.name) == subject.name ? "" : subject.name},
                 {std::string(health.word), in_colour ? health.colour : ""},
                 {sentence_of(remark)}});
    }
  return table.as_text(width);
}

std::string status_as_json(const std::vector<Subject>& subjects) {
  std::vector<JsonPair> members = {{"healthy", json_boolean(is_healthy(subjects))}};
  for (std::size_t at = 0; at < subjects.size();) {
    const std::string_view kind = subjects[at].kind;
    std::vector<std::string> objects;
    for (; at < subjects.size() && subjects[at].kind == kind; ++at) objects.push_back(as_object(subjects[at]));
    members.push_back({std::string(kind), is_single(kind) ? objects.front() : json_array(objects)});
  }
  return json_object(members) + '\n';
}
