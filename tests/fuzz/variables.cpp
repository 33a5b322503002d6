// Fuzz target: the expansion of {{…}} in a hook's arguments. The first line is the template, the rest a spec.
//
// Oracle: values that look like variables are not expanded again; what stands
// outside of known {{…}} stays byte for byte; no value has a NUL or bytes that
// are not UTF-8; and a second expander, which reads the template from the left,
// says the same.
//
// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/variables.h"

#include <algorithm>

#include "json_reader.h"
#include "oracle.h"

namespace {

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
    const unsigned lead = byte(i);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((byte(i + k) & 0xC0) != 0x80) return false;
    const unsigned second = byte(i + 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F))
      return false;
    i += length;
  }
  return true;
}

bool is_variable(std::string_view name) {
  for (const auto& [known, meaning] : Variables::help())
    if (const std::size_t colon = known.find(':');
        colon == known.npos ? name == known : name.starts_with(known.substr(0, colon + 1)))
      return true;
  return false;
}

std::string last_line(std::string_view text) { return std::string(text.substr(text.rfind("{{") + 2)); }

// From the left: at each }}, the {{ nearest to it, after the last one that was closed.
std::string expanded(std::string_view rest, const Variables& variables) {
  std::string result;
  for (std::size_t close; (close = rest.find("}}")) != rest.npos;) {
    std::string_view part = rest.substr(0, close);
    rest.remove_prefix(close + 2);
    const std::size_t open = part.rfind("{{");
    const bool known = open != part.npos && is_variable(part.substr(open + 2));
    result += known ? part.substr(0, open) : part;
    result += known ? variables.expand(fmt::format("{{{{{}}}}}", last_line(part))) : "}}";
  }
  return result.append(rest);
}

// The value of an annotation that stands there once and is a string.
const Json* annotation(const Json& root, std::string_view key) {
  const auto annotations = std::ranges::find(root.items, "annotations", &Json::name);
  if (annotations == root.items.end() || annotations->kind != Json::Kind::object) return nullptr;
  const auto found = std::ranges::find(annotations->items, key, &Json::name);
  return found == annotations->items.end() || found->kind != Json::Kind::string ? nullptr : &*found;
}

void check(std::string_view text, const Spec& spec, const Variables& variables) {
  const std::string result = variables.expand(text);
  if (result != expanded(text, variables)) broken("a template expands from the left: {}", result);
  if (text.find("{{") == text.npos && result != text) broken("text without variables stays: {}", result);
  if (is_utf8(text) && !is_utf8(result)) broken("a value is UTF-8: {}", result);
  if (result.find('\0') != result.npos && text.find('\0') == text.npos) broken("a value has no NUL");
  const JsonAnswer document = read_json(spec.content(), Grammar::strict);
  const Json* value = annotation(document.root, "a");
  if (!value || value->text.find('\0') != value->text.npos || !is_utf8(value->text)) return;
  const std::string* seen = spec.annotation("a");
  if (seen && *seen == value->text && variables.expand("<{{annotation:a}}>") != fmt::format("<{}>", value->text))
    broken("a value is not expanded again: {}", value->text);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input = text_of(data, size);
  const std::size_t line = std::min(input.find('\n'), input.size());
  try {
    const Spec spec("config.json", input.substr(std::min(line + 1, input.size())));
    CommandLine call;
    call.id = "c1";
    call.bundle = "/proc/self";
    call.pid_file = "pid";
    const Variables variables(spec, call, "/usr/bin/runc");
    check(std::string_view(input).substr(0, line), spec, variables);
  } catch (const Error&) {  // the spec is none, or names files that cannot be read
  }
  return 0;
}
