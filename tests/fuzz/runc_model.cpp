// SPDX-License-Identifier: Apache-2.0
#include "runc_model.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace {

using Words = std::vector<std::string>;

struct Flag {
  std::vector<std::string_view> names;
  bool is_switch;
};

const std::vector<Flag> global_flags = {
    {{"log"}, false},           {{"log-format"}, false}, {{"root"}, false},
    {{"criu"}, false},          {{"rootless"}, false},   {{"debug"}, true},
    {{"systemd-cgroup"}, true}, {{"help", "h"}, true},   {{"version", "v"}, true},
};

const std::vector<Flag> create_flags = {
    {{"bundle", "b"}, false},  {{"console-socket"}, false}, {{"pidfd-socket"}, false},  {{"pid-file"}, false},
    {{"preserve-fds"}, false}, {{"no-pivot"}, true},        {{"no-new-keyring"}, true}, {{"help", "h"}, true},
};

const std::vector<Flag> restore_flags = {
    {{"bundle", "b"}, false},
    {{"console-socket"}, false},
    {{"pid-file"}, false},
    {{"image-path"}, false},
    {{"work-path"}, false},
    {{"empty-ns"}, false},
    {{"manage-cgroups-mode"}, false},
    {{"lsm-profile"}, false},
    {{"lsm-mount-context"}, false},
    {{"tcp-established"}, true},
    {{"ext-unix-sk"}, true},
    {{"shell-job"}, true},
    {{"file-locks"}, true},
    {{"detach", "d"}, true},
    {{"no-subreaper"}, true},
    {{"no-pivot"}, true},
    {{"auto-dedup"}, true},
    {{"lazy-pages"}, true},
    {{"help", "h"}, true},
};

std::vector<Flag> flags_of(std::string_view subcommand) {
  if (subcommand == "restore") return restore_flags;
  std::vector<Flag> flags = create_flags;
  if (subcommand == "run")
    flags.insert(flags.end(), {{{"detach", "d"}, true}, {{"keep"}, true}, {{"no-subreaper"}, true}});
  return flags;
}

const Flag* find(const std::vector<Flag>& flags, std::string_view name) {
  const auto found =
      std::ranges::find_if(flags, [&](const Flag& flag) { return std::ranges::count(flag.names, name) > 0; });
  return found == flags.end() ? nullptr : &*found;
}

// strconv.ParseBool
std::optional<bool> bool_of(std::string_view text) {
  constexpr std::array<std::string_view, 6> yes = {"1", "t", "T", "true", "TRUE", "True"};
  constexpr std::array<std::string_view, 6> no = {"0", "f", "F", "false", "FALSE", "False"};
  if (std::ranges::count(yes, text) > 0) return true;
  if (std::ranges::count(no, text) > 0) return false;
  return std::nullopt;
}

// flag.FlagSet.Parse, then urfave's normalizeFlags.
class FlagSet {
 public:
  explicit FlagSet(const std::vector<Flag>& flags) : flags_(flags) {}

  /// False for an error of use.
  bool parse(Words words) {
    rest = std::move(words);
    while (!rest.empty() && rest.front().size() >= 2 && rest.front().front() == '-') {
      const std::string word = take();
      if (word == "--") break;
      if (!set(word.substr(word[1] == '-' ? 2 : 1))) return false;
    }
    return std::ranges::none_of(flags_, [&](const Flag& flag) {
      return std::ranges::count_if(flag.names, [&](std::string_view name) { return values_.contains(name); }) > 1;
    });
  }

  std::string value(std::string_view name) const {
    for (const std::string_view alias : find(flags_, name)->names)
      if (const auto found = values_.find(alias); found != values_.end()) return found->second;
    return "";
  }
  bool is_on(std::string_view name) const { return bool_of(value(name)).value_or(false); }

  Words rest;

 private:
  std::string take() {
    std::string word = rest.front();
    rest.erase(rest.begin());
    return word;
  }

  bool set(const std::string& text) {
    if (text.empty() || text[0] == '-' || text[0] == '=') return false;
    const std::size_t equals = text.find('=');
    const Flag* flag = find(flags_, text.substr(0, equals));
    if (!flag) return false;
    std::string value = flag->is_switch ? "true" : "";
    if (equals != text.npos)
      value = text.substr(equals + 1);
    else if (!flag->is_switch && rest.empty())
      return false;
    else if (!flag->is_switch)
      value = take();
    values_[text.substr(0, equals)] = value;
    return !flag->is_switch || bool_of(value);
  }

  const std::vector<Flag>& flags_;
  std::map<std::string, std::string, std::less<>> values_;
};

// urfave's argIsFlag
bool is_flag(const std::vector<Flag>& flags, const std::string& word) {
  if (word == "-" || word == "--" || !word.starts_with('-')) return false;
  std::string name = word.starts_with("--") ? word.substr(2) : word;
  if (name.starts_with('-')) name.erase(0, 1);
  return find(flags, name.substr(0, name.find('='))) != nullptr;
}

// urfave's reorderArgs: flags first, each with the word after it. An option that it does not know before a `--` is an
// operand to some releases and an error of use to others, and so it is as the value of an option at the end: a word
// that makes an error of them here.
Words reordered(const std::vector<Flag>& flags, const Words& words) {
  Words first, last;
  bool may_be_value = false;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (may_be_value && !is_flag(flags, *word)) {
      may_be_value = false;
      first.push_back(*word);
    } else if (*word == "--") {
      if (std::ranges::any_of(last, [](const std::string& each) { return each.starts_with('-'); }))
        return {"--not-a-flag"};
      last.insert(last.begin(), "--");
      last.insert(last.end(), word + 1, words.end());
      break;
    } else if (is_flag(flags, *word)) {
      first.push_back(*word);
      may_be_value = word->find('=') == word->npos;
    } else {
      last.push_back(*word);
    }
  }
  if (may_be_value && !last.empty() && last.front().starts_with('-')) return {"--not-a-flag"};
  first.insert(first.end(), last.begin(), last.end());
  return first;
}

}  // namespace

RuncCall runc_call(const std::vector<std::string_view>& arguments) {
  using enum RuncCall::Outcome;
  const auto only = [](RuncCall::Outcome outcome) { return RuncCall{outcome, {}, {}, {}, {}, {}}; };
  FlagSet global(global_flags);
  if (!global.parse({arguments.begin() + 1, arguments.end()})) return only(refused);
  if (global.is_on("help") || global.is_on("version") || global.rest.empty()) return only(other);
  const std::string subcommand = global.rest.front();
  if (subcommand != "create" && subcommand != "run" && subcommand != "restore") return only(other);

  const std::vector<Flag> flags = flags_of(subcommand);
  FlagSet command(flags);
  if (!command.parse(reordered(flags, {global.rest.begin() + 1, global.rest.end()}))) return only(refused);
  if (command.rest.size() != 1 || command.rest.front().empty())
    return only(refused);  // or help, which makes nothing either
  if (command.is_on("help")) return only(other);
  return {creates,
          subcommand,
          command.rest.front(),
          command.value("bundle"),
          global.value("log"),
          global.value("log-format")};
}
