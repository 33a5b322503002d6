// SPDX-License-Identifier: Apache-2.0
#include "core/hooks/hook_lint.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/hooks/hook_sources.h"
#include "core/hooks/variables.h"

namespace {

template <class Subject>
struct Lint {
  std::string_view name;
  bool (*applies)(const Subject& subject);
  std::string_view sentence;
};

using Words = std::span<const std::string>;

bool has_variable(std::string_view text) { return !Variables::found_in(text).empty(); }

Words words_of(const std::optional<std::vector<std::string>>& list) { return list ? Words(*list) : Words(); }

/// The words of a command but its first, which is its own name.
Words arguments_of(const Hook& hook) {
  const Words args = words_of(hook.args);
  return args.empty() ? args : args.subspan(1);
}

// Programs that run code which stands in an argument: the beginning of the name, and the option before the code.
struct Interpreter {
  std::string_view name;
  bool versioned;  // the name goes on: python3.11
  std::string_view options;
};

constexpr std::array interpreters = {
    Interpreter{"sh", false, "c"},   Interpreter{"bash", false, "c"},  Interpreter{"dash", false, "c"},
    Interpreter{"ash", false, "c"},  Interpreter{"ksh", false, "c"},   Interpreter{"zsh", false, "c"},
    Interpreter{"fish", false, "c"}, Interpreter{"python", true, "c"}, Interpreter{"perl", true, "eE"},
    Interpreter{"ruby", true, "e"},  Interpreter{"lua", true, "e"},    Interpreter{"node", true, "ep"},
    Interpreter{"php", true, "r"},
};

const Interpreter* interpreter_named(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto* found = std::ranges::find_if(interpreters, [&](const Interpreter& each) {
    return each.versioned ? name.starts_with(each.name) : name == each.name;
  });
  return found == interpreters.end() ? nullptr : found;
}

bool is_option(std::string_view word) { return word.size() > 1 && (word[0] == '-' || word[0] == '+'); }

/// How many words after the interpreter's name it takes to the end of the code; 0 when it is given none.
std::size_t words_of_code(const Interpreter& interpreter, Words words) {
  bool code = false;
  bool value = false;  // of the option before, as in "-o pipefail"
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string_view word = words[index];
    if (!is_option(word) && !value) return code ? index + 1 : 0;
    if (code && has_variable(word)) return index + 1;
    value = is_option(word) && std::string_view("oOWXI").find(word.back()) != word.npos;
    code = code || (word[0] == '-' && !word.starts_with("--") && word.find_first_of(interpreter.options) != word.npos);
    if (code && has_variable(word)) return index + 1;
  }
  return 0;
}

/// The last of the words that are options of an interpreter, or code: what comes after it are parameters of the script.
std::size_t end_of_code(const Hook& hook) {
  const Words words = arguments_of(hook);
  const std::array names = {std::string_view(hook.path), hook.args && !hook.args->empty()
                                                             ? std::string_view(hook.args->front())
                                                             : std::string_view()};
  for (const std::string_view name : names)
    if (const Interpreter* interpreter = interpreter_named(name))
      if (const std::size_t end = words_of_code(*interpreter, words)) return end;
  // Of a program that runs another: env, busybox, nsenter, timeout ...
  for (std::size_t at = 0; at < words.size(); ++at)
    if (const Interpreter* interpreter = interpreter_named(words[at]))
      if (const std::size_t end = words_of_code(*interpreter, words.subspan(at + 1))) return at + 1 + end;
  return 0;
}

bool has_variable_in_code(const Hook& hook) {
  return std::ranges::any_of(arguments_of(hook).first(end_of_code(hook)), has_variable);
}

std::string_view name_of(std::string_view entry) { return entry.substr(0, entry.find('=')); }

bool makes_programs_load_code(std::string_view name) {
  constexpr std::array<std::string_view, 7> names = {"BASH_ENV", "ENV",      "PYTHONPATH", "PYTHONSTARTUP",
                                                     "PERL5LIB", "PERL5OPT", "PATH"};
  return name.starts_with("LD_") || std::ranges::find(names, name) != names.end();
}

bool has_code_from_environment(const Hook& hook) {
  return std::ranges::any_of(words_of(hook.env), [](std::string_view entry) {
    return makes_programs_load_code(name_of(entry)) && has_variable(entry);
  });
}

bool has_variable_in_name(const Hook& hook) {
  return std::ranges::any_of(words_of(hook.env), [](std::string_view entry) { return has_variable(name_of(entry)); });
}

constexpr std::array refusals = {
    Lint<Hook>{"code", has_variable_in_code,
               "a variable stands in code, where its value would be run: pass it as an argument after the script"},
    Lint<Hook>{"loader", has_code_from_environment,
               "a variable stands in an environment variable that says where programs load code from"},
    Lint<Hook>{"env-name", has_variable_in_name, "a variable stands in the name of an environment variable"},
};

bool runs_in(const ConfiguredHook& hook, Stage stage) {
  return std::ranges::find(hook.named, stage) != hook.named.end();
}

bool is_for_all(const ConfiguredHook& hook) {
  const Condition& when = hook.when;
  const bool has_others =
      when.has_bind_mounts || !when.annotations.empty() || !when.commands.empty() || is_beyond_oci_hooks(when);
  return !hook.unless && when.always == true && (when.needs == Condition::Needs::any || !has_others);
}

bool can_be_switched_off(const ConfiguredHook& hook) {
  return hook.unless && (!hook.unless->annotations.empty() || !hook.unless->labels.empty() ||
                         !hook.unless->commands.empty() || hook.unless->has_bind_mounts);
}

/// Whether whoever creates the container chooses what the variable expands to.
bool is_chosen_by_user(std::string_view variable) {
  return variable.starts_with("annotation:") || variable.starts_with("label:") || variable.starts_with("env:") ||
         variable == "hostname" || variable == "image";
}

bool begins_with_users_choice(std::string_view argument) {
  const auto found = Variables::found_in(argument);
  return !found.empty() && found.front().begin == 0 && is_chosen_by_user(found.front().name);
}

bool may_be_taken_for_option(const ConfiguredHook& configured) {
  if (end_of_code(configured.hook) != 0) return false;  // they are parameters of a script
  const Words words = arguments_of(configured.hook);
  const auto end = std::ranges::find(words, "--");
  return std::any_of(words.begin(), end, begins_with_users_choice);
}

bool has_argument_with(const Hook& hook, bool (*is_it)(std::string_view variable)) {
  return std::ranges::any_of(arguments_of(hook), [&](std::string_view argument) {
    return std::ranges::any_of(Variables::found_in(argument), [&](const auto& each) { return is_it(each.name); });
  });
}

bool is_relative_path_list(std::string_view entry) {
  if (!entry.starts_with("PATH=")) return false;
  entry.remove_prefix(4);
  for (std::size_t at = 0; at != entry.npos; at = entry.find(':', at + 1))
    if (entry.substr(at + 1, 1) != "/") return true;
  return false;
}

bool relies_on_directory(std::string_view argument) {
  return argument.starts_with("./") || argument.starts_with("../") || argument.find(" ./") != argument.npos;
}

bool can_stop_container(const ConfiguredHook& hook) {
  return runs_in(hook, Stage::precreate) || runs_in(hook, Stage::prestart) || runs_in(hook, Stage::create_runtime) ||
         runs_in(hook, Stage::create_container);
}

/// Of annotations, all but those that engines write after the pod's own.
bool depends_on_users_annotation(const ConfiguredHook& hook) {
  return std::ranges::any_of(hook.when.annotations, [](const auto& each) {
    const std::string& key = each.key.text();
    return !key.starts_with("^io\\.kubernetes\\.cri") && !key.starts_with("^io.kubernetes.cri");
  });
}

using Advice = Lint<ConfiguredHook>;

constexpr std::array advice = {
    Advice{"timeout",
           [](const ConfiguredHook& hook) {
             return !hook.hook.timeout &&
                    !std::ranges::all_of(hook.stages, [](Stage stage) { return stage == Stage::precreate; });
           },
           "it has no timeout: when it hangs, the engine waits for ever"},
    Advice{"no-stage", [](const ConfiguredHook& hook) { return hook.named.empty(); },
           "it names no stage, so it never runs"},
    Advice{"no-condition", [](const ConfiguredHook& hook) { return is_empty(hook.when); },
           "it has no condition, so it never applies"},
    Advice{"no-bind-mounts", [](const ConfiguredHook& hook) { return hook.when.has_bind_mounts == false; },
           "hasBindMounts = false holds for no container"},
    Advice{"unless", can_be_switched_off,
           "whoever creates the container chooses its annotations, labels, command and mounts, and so can switch this "
           "hook off by its unless"},
    Advice{"prestart", [](const ConfiguredHook& hook) { return runs_in(hook, Stage::prestart); },
           "prestart is deprecated; createRuntime runs at the same time"},
    Advice{"start-container", [](const ConfiguredHook& hook) { return runs_in(hook, Stage::start_container); },
           "a startContainer hook is a program of the image, which can do as it likes: it is not a control, and not "
           "recorded"},
    Advice{"pods", [](const ConfiguredHook& hook) { return runs_in(hook, Stage::start_container) && is_for_all(hook); },
           "a startContainer hook for every container runs in the infra container of podman's pods, too, which has not "
           "its program: no pod starts"},
    Advice{
        "option", may_be_taken_for_option,
        "an argument begins with a variable that the container's user chooses, and could be taken for an option: put "
        "\"--\" before it"},
    Advice{
        "path",
        [](const ConfiguredHook& hook) { return std::ranges::any_of(words_of(hook.hook.env), is_relative_path_list); },
        "its PATH has a directory that is not absolute"},
    Advice{"secret",
           [](const ConfiguredHook& hook) {
             return has_argument_with(hook.hook, [](std::string_view name) { return name.starts_with("env:"); });
           },
           "every user of the host can read arguments: hand {{env:NAME}} over in env"},
    Advice{
        "rootfs",
        [](const ConfiguredHook& hook) {
          return has_argument_with(hook.hook, [](std::string_view name) { return name == "rootfs"; });
        },
        "links inside of {{rootfs}} are the image's: follow none that leads out of it, and start no program from it"},
    Advice{"user-condition",
           [](const ConfiguredHook& hook) { return can_stop_container(hook) && depends_on_users_annotation(hook); },
           "it depends on an annotation that the container's user sets: whoever leaves it out goes without the hook"},
    Advice{"directory",
           [](const ConfiguredHook& hook) {
             return runs_in(hook, Stage::create_container) &&
                    std::ranges::any_of(arguments_of(hook.hook), relies_on_directory);
           },
           "a createContainer hook runs in the container's root: a path that is not absolute is the image's"},
};

/// Whether a hook without env is one whose environment the low-level runtime chooses.
bool runs_without_env(Stage stage) { return runs_on_host(stage) && stage != Stage::precreate; }

constexpr std::array differences = {
    Advice{"conditions", [](const ConfiguredHook& hook) { return hook.unless || is_beyond_oci_hooks(hook.when); },
           "podman and CRI-O ignore unless, images, labels and namespaces"},
    Advice{"hooks.json", [](const ConfiguredHook& hook) { return hook.is_of_hooks_json; },
           "podman and CRI-O do not read a hooks.json"},
    Advice{"variables",
           [](const ConfiguredHook& hook) {
             return std::ranges::any_of(words_of(hook.hook.args), has_variable) ||
                    std::ranges::any_of(words_of(hook.hook.env), has_variable);
           },
           "podman and CRI-O hand {{...}} over as it stands"},
    Advice{"precreate", [](const ConfiguredHook& hook) { return runs_in(hook, Stage::precreate); },
           "CRI-O has no precreate, and refuses all hooks for this file"},
    Advice{"environment",
           [](const ConfiguredHook& hook) {
             return !hook.hook.env && !hook.is_of_hooks_json && std::ranges::any_of(hook.stages, runs_without_env);
           },
           "podman and CRI-O leave it without env, and runc 1.1 then gives it that of the image"},
};

std::vector<std::string_view> sentences_on(const ConfiguredHook& hook, std::span<const Advice> rows) {
  std::vector<std::string_view> result;
  for (const Advice& each : rows)
    if (each.applies(hook)) result.push_back(each.sentence);
  return result;
}

}  // namespace

std::string_view refusal_of(const Hook& hook) {
  for (const Lint<Hook>& each : refusals)
    if (each.applies(hook)) return each.sentence;
  return "";
}

std::vector<std::string_view> advice_on(const ConfiguredHook& hook) { return sentences_on(hook, advice); }

std::vector<std::string_view> differences_of(const ConfiguredHook& hook) { return sentences_on(hook, differences); }

bool is_read_by_engines(const ConfiguredHook& hook) {
  return hook.source.find("/containers/oci/hooks.d/") != hook.source.npos;
}
