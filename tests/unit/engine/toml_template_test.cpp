// SPDX-License-Identifier: Apache-2.0
#include "core/engine/toml_template.h"

#include "catch.h"
#include "core/error.h"

namespace {

constexpr const char* base = "{{ template \"base\" . }}\n";

std::unique_ptr<Document> read(const std::string& content) { return toml_template("x.tmpl", content, 3); }

}  // namespace

TEST_CASE("a template is read as TOML that has the version of the distribution's own file") {
  const auto document = read(std::string(base) + "\n[a]\nb = \"{{ .X }}\"\nc = \"d\"\n");
  CHECK(document->is_template());
  CHECK(document->integer({"version"}) == 3);
  CHECK(document->string({"a", "c"}) == "d");
  CHECK(document->kind({"a", "b"}) == Document::Kind::missing);
  CHECK(read("version = 2\n")->integer({"version"}) == 2);
  CHECK(read("")->content() == base);
  CHECK(read("{{- template \"base\" . -}}")->integer({"version"}) == 3);
}

TEST_CASE("what is edited in a template leaves every other byte, and comes off again") {
  for (const std::string& content :
       {std::string(base), std::string("{{template \"base\" .}}"), std::string(base) + "\r\n# {{ .X }}\r\n",
        std::string(base) + "# version = 3 # {{ template \"basis\" . }}\n# # {{ .Y }}\n",
        std::string(base) + "[a]\n  b = [ 1,\n    {{ if .X }}2{{ else }}3{{ end }}\n  ]\n",
        std::string("version = 3\n[a]\n\tb = {{ .B }} # {{ .C }}\n")}) {
    CAPTURE(content);
    const auto document = read(content);
    CHECK(document->content() == content);
    document->set({"new", "table", "key"}, "\"value\"");
    CHECK(document->string({"new", "table", "key"}) == "value");
    CHECK(document->content().find("key = \"value\"") != std::string::npos);
    CHECK(document->content().starts_with(content));
    CHECK(read(document->content())->string({"new", "table", "key"}) == "value");
    document->remove({"new"});
    CHECK(document->content().find("new") == std::string::npos);
    CHECK(document->content().starts_with(content));
  }
}

TEST_CASE("what is said of an action is its place in the template") {
  CHECK_THROWS_WITH(read(std::string(base) + "  {{ end }}\n"), ContainsSubstring("x.tmpl:2:3: this action"));
  CHECK_THROWS_WITH(read(std::string(base) + "{{ .X\n}}\n"), ContainsSubstring("x.tmpl:2:1: this action"));
  CHECK_THROWS_WITH(read("[a]\n"), ContainsSubstring("neither {{ template"));
  const auto document = read(base);
  CHECK_THROWS_WITH(document->set({"a", "{{"}, "1"), ContainsSubstring("two braces"));
  CHECK_THROWS_WITH(document->set({"a"}, "\"{{ .X }}\""), ContainsSubstring("two braces"));
  document->set({"t", "x"}, "1");
  CHECK_THROWS_WITH(document->copy_table({"t"}, "{{y}}"), ContainsSubstring("two braces"));
  CHECK(document->content().find("{{y") == std::string::npos);
}

TEST_CASE("a template of nothing but the distribution's own file is nobody's") {
  CHECK(read(base)->is_empty_but_for({}));
  CHECK_FALSE(read(std::string(base) + "# mine\n")->is_empty_but_for({}));
}
