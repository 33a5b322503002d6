// SPDX-License-Identifier: Apache-2.0
#include "core/engine/toml_template.h"

#include <algorithm>
#include <array>

#include "core/engine/toml_document.h"
#include "core/text/split.h"

namespace {

constexpr std::string_view base = "{{ template \"base\" . }}\n";
constexpr std::array<std::string_view, 5> openings = {"if", "range", "with", "block", "define"};

bool has_action(std::string_view line) { return line.find("{{") != line.npos; }

bool is_base(std::string_view line) { return line.find("template \"base\"") != line.npos; }

// The first word of each action: "{{- if .X }}", "{{end}}".
std::vector<std::string_view> action_words(std::string_view line) {
  std::vector<std::string_view> result;
  for (std::size_t at = line.find("{{"); at != line.npos; at = line.find("{{", at + 2)) {
    const std::size_t begin = line.find_first_not_of("{- \t", at);
    if (begin != line.npos) result.push_back(line.substr(begin, line.find_first_of(" \t-}", begin) - begin));
  }
  return result;
}

// A table's header says something of the lines below it, too.
bool is_header(std::string_view line) { return line[line.find_first_not_of(" \t")] == '['; }

bool is_complete(std::string_view line) {
  const std::vector<std::string_view> words = action_words(line);
  const auto opened = std::ranges::count_if(
      words, [](std::string_view word) { return std::ranges::find(openings, word) != openings.end(); });
  return !is_header(line) && opened == std::ranges::count(words, "end") && line.rfind("}}") != line.npos &&
         line.rfind("{{") < line.rfind("}}");
}

// Every line with an action gets one of two beginnings, and no other line has an action: so they can be told apart again.
std::string beginning(std::string_view line, std::int64_t version) {
  return is_base(line) ? fmt::format("version = {} # ", version) : "# ";
}

// With its newline.
std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
  text.remove_prefix(line.size());
  return line;
}

std::string as_toml(const std::string& name, std::string_view text, std::int64_t version) {
  std::string result;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (has_action(line) && !is_complete(line))
      throw error("{}:{}:{}: this action reaches below its line: what is added to the template would not always apply",
                  name, number, line.find("{{") + 1);
    if (has_action(line)) result += beginning(line, version);
    result += line;
  }
  return result;
}

std::string as_template(std::string_view toml, std::int64_t version) {
  std::string result;
  while (!toml.empty()) {
    std::string_view line = take_line(toml);
    if (has_action(line)) line.remove_prefix(beginning(line, version).size());
    result += line;
  }
  return result;
}

class TomlTemplate : public TomlDocument {
 public:
  TomlTemplate(const std::string& name, const std::string& content, std::int64_t version)
      : TomlDocument(name, as_toml(name, content, version)), content_(content), version_(version) {
    if (kind({"version"}) == Kind::missing)
      throw error_at({}, "before its tables stands neither {{ template \"base\" . }} nor a version");
  }

  const std::string& content() const override { return content_; }
  bool is_template() const override { return true; }

  void set(const Key& key, std::string_view value) override {
    refuse_action(join(key, "."));
    refuse_action(value);
    TomlDocument::set(key, value);
    take_over();
  }
  void remove(const Key& key) override {
    TomlDocument::remove(key);
    take_over();
  }
  void copy_table(const Key& table, std::string_view name) override {
    refuse_action(name);
    TomlDocument::copy_table(table, name);
    take_over();
  }
  bool is_empty_but_for(const std::vector<std::string>&) const override { return content_ == base; }

 private:
  void refuse_action(std::string_view text) const {
    if (has_action(text)) throw error_at({}, fmt::format("{}: two braces are an action of a template", text));
  }
  void take_over() { content_ = as_template(TomlDocument::content(), version_); }

  std::string content_;
  std::int64_t version_;
};

}  // namespace

std::unique_ptr<Document> toml_template(const std::string& name, const std::string& content, std::int64_t version) {
  return std::make_unique<TomlTemplate>(name, content.empty() ? std::string(base) : content, version);
}
