// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_check.h"

#include "catch.h"
#include "core/host/process.h"
#include "scratch.h"

namespace {

using Texts = std::vector<std::string>;

// One file and what is found in it, without the file's name.
class Checked {
 public:
  Texts review(const std::string& content) {
    return texts(check_hooks(load_hooks_for_review(scratch_.file(name, content))).findings);
  }

  Texts use_as_hooks_json(const std::string& content) {
    Config config;
    config.hooks_path = scratch_.file(name, content);
    config.hooks_dirs = {};
    return texts(check_hooks(load_hooks(config)).findings);
  }

 private:
  Texts texts(const std::vector<Finding>& findings) const {
    Texts result;
    for (const Finding& finding : findings)
      result.push_back((finding.severity == Severity::error ? "E" : "W") +
                       finding.text.substr(scratch_.path(name).size()));
    return result;
  }

  static constexpr const char* name = "hooks.json";
  Scratch scratch_;
};

}  // namespace

TEST_CASE("a hook that is well is not mentioned") {
  Checked file;
  CHECK(
      file.review(
              R"({"version":"1.0.0","hook":{"path":"/bin/true","timeout":1},"when":{"always":true},"stages":["poststop"]})")
          .empty());
  CHECK(file.use_as_hooks_json(R"({"poststop":[{"path":"/bin/true","timeout":1,"args":["true","{{id}}"]}]})").empty());
}

TEST_CASE("what is unwise is a warning, with its place") {
  struct Row {
    const char* content;
    const char* warning;
  };
  const auto row = GENERATE(values<Row>({
      {R"({"poststop":[{"path":"/bin/true"}]})",
       R"(W:1:22: "/bin/true": it has no timeout: when it hangs, the engine waits for ever)"},
      {R"({"prestart":[{"path":"/bin/true","timeout":1}]})",
       R"(W:1:22: "/bin/true": prestart is deprecated; createRuntime runs at the same time)"},
      {R"({"version":"1.0.0","hook":{"path":"/inside","timeout":1},"when":{"commands":["^/bin/"]},"stages":["startContainer"]})",
       R"(W:1:35: "/inside": a startContainer hook is a program of the image, which can do as it likes: it is not a control, and not recorded)"},
      {R"({"poststop":[{"path":"/bin/true","timeout":1,"args":["x","{{ids}}"]}]})",
       R"(W:1:22: "/bin/true": there is no variable {{ids}}, did you mean "id"?)"},
      {R"({"poststop":[{"path":"/not/there","timeout":1}]})", R"(W:1:22: "/not/there": it does not exist (ENOENT))"},
      {R"({"version":"1.0.0","hook":{"path":"/bin/true","timeout":1},"when":{"always":true},"stages":[]})",
       R"(W:1:35: "/bin/true": it names no stage, so it never runs)"},
      {R"({"version":"1.0.0","hook":{"path":"/bin/true","timeout":1},"stages":["poststop"]})",
       R"(W:1:35: "/bin/true": it has no condition, so it never applies)"},
      {R"({"version":"1.0.0","hook":{"path":"/bin/true","timeout":1,"pat":1},"when":{"always":true},"stages":["poststop"]})",
       R"(W:1:59: unknown key "pat" is ignored, did you mean "path"?)"},
  }));
  Checked file;
  CHECK(file.review(row.content) == Texts{row.warning});
}

TEST_CASE("on the host itself a program that is missing, or none, is an error") {
  Checked file;
  CHECK(file.use_as_hooks_json(R"({"poststop":[{"path":"/not/there","timeout":1},{"path":"/etc","timeout":1},
{"path":"/etc/passwd","timeout":1}]})") == Texts{R"(E:1:22: "/not/there": it does not exist (ENOENT))",
                                                 R"(E:1:56: "/etc": it is not a regular file)",
                                                 R"(E:2:9: "/etc/passwd": it is not executable)"});
}

TEST_CASE("all problems are told, errors before warnings") {
  Checked file;
  const Texts findings = file.review(R"({"poststop":[{"path":"/bin/true"},{"path":"x"}],"preStart":[]})");
  REQUIRE(findings.size() == 3);
  CHECK(findings[0].starts_with("E:"));
  CHECK(findings[1].starts_with("E:"));
  CHECK(findings[2].starts_with("W:"));
}

TEST_CASE("the marker in hooks.json is no hook to worry about") {
  Checked file;
  CHECK(file.use_as_hooks_json(
                fmt::format(R"({{"prestart":[{{"path":"{}","args":["container-hooks"]}}]}})", binary_path()))
            .empty());
}
