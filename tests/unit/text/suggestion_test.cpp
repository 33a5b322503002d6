// SPDX-License-Identifier: Apache-2.0
#include "core/text/suggestion.h"

#include "catch.h"
#include "core/oci/hook.h"

TEST_CASE("a stage that is nearly right is recognised") {
  struct Row {
    std::string_view word;
    std::string_view meant;  // empty: nothing is near
  };
  constexpr Row rows[] = {
      {"preStart", "prestart"},
      {"PRESTART", "prestart"},
      {"prestrat", "prestart"},
      {"createruntime", "createRuntime"},
      {"create_runtime", "createRuntime"},
      {"createContaner", "createContainer"},
      {"startcontainer", "startContainer"},
      {"post-start", "poststart"},
      {"poststopp", "poststop"},
      {"hooks", ""},
      {"x", ""},
      {"", ""},
      {"somethingElseEntirely", ""},
  };
  for (const Row& row : rows) {
    INFO(row.word);
    const std::string expected = row.meant.empty() ? "" : ", did you mean \"" + std::string(row.meant) + "\"?";
    CHECK(did_you_mean(row.word, spec_stage_names) == expected);
  }
}

TEST_CASE("a word of absurd length, and no candidates at all, suggest nothing") {
  CHECK(did_you_mean(std::string(1'000'000, 'a'), spec_stage_names).empty());
  CHECK(did_you_mean("path", {}).empty());
}
