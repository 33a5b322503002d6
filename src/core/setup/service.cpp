// SPDX-License-Identifier: Apache-2.0
#include "core/setup/service.h"

#include <cstdint>

#include "core/engine/engines.h"
#include "core/error.h"
#include "core/host/changed_root.h"
#include "core/host/child.h"
#include "core/setup/systemd.h"
#include "core/text/split.h"

namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr timespec between_looks = {0, 200'000'000};
constexpr int looks_to_settle = 10;

std::int64_t now_of(clockid_t clock) {
  timespec time = {};
  clock_gettime(clock, &time);
  return time.tv_sec * nanoseconds + time.tv_nsec;
}

// systemd's clock stands still while the machine sleeps.
timespec real_time(std::uint64_t monotonic) {
  const std::int64_t time =
      now_of(CLOCK_REALTIME) - now_of(CLOCK_MONOTONIC) + static_cast<std::int64_t>(monotonic) * 1000;
  return {time / nanoseconds, static_cast<long>(time % nanoseconds)};
}

}  // namespace

std::string Service::unit() const { return fmt::format("{}.service", words(reload_of(engine_, root_)).back()); }

std::optional<timespec> Service::running_since() const {
  if (engine_.reload.empty()) return std::nullopt;
  std::optional<Systemd> systemd = Systemd::connect(root_);
  if (!systemd) return std::nullopt;
  const UnitState state = systemd->unit(unit());
  return state.active == "active" ? std::optional(real_time(state.since_monotonic)) : std::nullopt;
}

EngineAnswer Service::ask() const {
  const ChangedRoot there(root_);
  return engine_.ask ? engine_.ask() : EngineAnswer();
}

// systemd says that a service is up when that has said so itself; one that cannot say so may fail a moment later.
void Service::require_settled() const {
  for (int look = 0; look < looks_to_settle; ++look) {
    nanosleep(&between_looks, nullptr);
    if (!running_since()) throw error("{} does not stay up", unit());
  }
}

void Service::carry_out(std::string_view command) const {
  try {
    std::optional<Systemd> systemd = Systemd::connect(root_);
    if (!systemd) throw error("there is no systemd");
    systemd->carry_out(words(command)[1], unit());
    require_settled();
  } catch (const Error& failure) {
    throw error("{}: {}{}", command, failure.text, last_lines());
  }
}

std::string Service::last_lines() const {
  try {
    const ChangedRoot there(root_);
    const auto log = run_child(
        {"journalctl", "--unit", std::string(unit()), "--lines", "5", "--no-pager", "--output", "cat"}, answer_limit);
    if (!log || log->status != 0 || words(log->output).empty()) return "";
    return fmt::format("; its log ends: {}", join(words(join(split(log->output, '\n'), " ")), " "));
  } catch (const Error&) {
    return "";
  }
}
