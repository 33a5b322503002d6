// SPDX-License-Identifier: Apache-2.0
#include "core/setup/dbus.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

#include "core/error.h"

namespace {

enum Type : char { method_call = 1, method_return = 2, error_reply = 3 };
enum Field : char { path_field = 1, interface_field = 2, member_field = 3, signature_field = 8 };

constexpr std::size_t fixed_header = 16;  // with the length of the fields
constexpr std::size_t max_message = 1u << 20;
constexpr std::size_t max_answer = 256;  // to AUTH

std::size_t aligned(std::size_t at, std::size_t alignment) { return (at + alignment - 1) / alignment * alignment; }

void align(std::string& text, std::size_t alignment) { text.resize(aligned(text.size(), alignment), '\0'); }

void put_number(std::string& text, std::size_t number) {
  const auto value = static_cast<std::uint32_t>(number);
  align(text, sizeof value);
  for (unsigned shift = 0; shift < 32; shift += 8) text += static_cast<char>(value >> shift & 0xff);
}

void put_string(std::string& text, std::string_view value) {
  put_number(text, value.size());
  text.append(value) += '\0';
}

void put_signature(std::string& text, std::string_view value) {
  text += static_cast<char>(value.size());
  text.append(value) += '\0';
}

void put_field(std::string& text, Field field, std::string_view type, std::string_view value) {
  align(text, 8);
  text += static_cast<char>(field);
  put_signature(text, type);
  type == "g" ? put_signature(text, value) : put_string(text, value);
}

std::uint32_t number_at(std::string_view text, std::size_t at) {
  std::uint32_t result = 0;
  for (unsigned byte = 0; byte < 4; ++byte)
    result |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + byte])) << (8 * byte);
  return result;
}

void send_all(const Fd& socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error("send to systemd");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::string receive(const Fd& socket, std::size_t size) {
  std::string result(size, '\0');
  for (std::size_t have = 0; have < size;) {
    const ssize_t count = recv(socket.number(), result.data() + have, size - have, 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error("read what systemd answers");
    if (count == 0) throw error("read what systemd answers: it has closed the connection");
    have += static_cast<std::size_t>(count);
  }
  return result;
}

struct Message {
  char type;
  std::string body;
};

// Of the header's fields none is needed: we wait for the answer to our only call.
Message next_message(const Fd& socket) {
  const std::string header = receive(socket, fixed_header);
  const std::size_t fields = aligned(number_at(header, 12), 8);
  const std::size_t body = number_at(header, 4);
  if (header[0] != 'l' || fields > max_message || body > max_message)
    throw error("read what systemd answers: it is not a message that is understood here");
  receive(socket, fields);
  return {header[1], receive(socket, body)};
}

}  // namespace

std::string dbus_message(const MethodCall& call) {
  std::string body;
  for (const std::string& argument : call.arguments) put_string(body, argument);
  std::string fields;
  put_field(fields, path_field, "o", call.path);
  put_field(fields, interface_field, "s", call.interface);
  put_field(fields, member_field, "s", call.member);
  if (!body.empty()) put_field(fields, signature_field, "g", std::string(call.arguments.size(), 's'));
  std::string result = {'l', method_call, 0, 1};
  put_number(result, body.size());
  put_number(result, 1);  // the serial number
  put_number(result, fields.size());
  result += fields;
  align(result, 8);
  return result + body;
}

std::string_view DbusReader::take(std::size_t size, std::size_t alignment) {
  const std::size_t begin = aligned(at_, alignment);
  if (begin > body_.size() || size > body_.size() - begin) throw error("read what systemd answers: it ends too early");
  at_ = begin + size;
  return body_.substr(begin, size);
}

std::uint32_t DbusReader::number() { return number_at(take(4, 4), 0); }

std::uint64_t DbusReader::long_number() {
  const std::string_view bytes = take(8, 8);
  return static_cast<std::uint64_t>(number_at(bytes, 4)) << 32 | number_at(bytes, 0);
}

std::string DbusReader::string() {
  const std::uint32_t size = number();
  std::string result(take(size, 1));
  take(1, 1);
  return result;
}

std::string DbusReader::signature() {
  const auto size = static_cast<unsigned char>(take(1, 1)[0]);
  std::string result(take(size, 1));
  take(1, 1);
  return result;
}

// All at once: a systemd that gets BEGIN together with the first message lets that wait for the next one.
void dbus_authenticate(const Fd& socket) {
  std::string user;
  for (const char digit : fmt::format("{}", geteuid())) user += fmt::format("{:02x}", digit);
  send_all(socket, std::string(1, '\0') + fmt::format("AUTH EXTERNAL {}\r\nBEGIN\r\n", user));
  std::string answer;
  while (!answer.ends_with("\r\n") && answer.size() < max_answer) answer += receive(socket, 1);
  if (!answer.starts_with("OK ")) throw error("systemd does not let us in");
}

std::string dbus_call(const Fd& socket, const MethodCall& call) {
  send_all(socket, dbus_message(call));
  for (;;) {
    Message message = next_message(socket);
    if (message.type == method_return) return std::move(message.body);
    if (message.type == error_reply) throw error("systemd: {}", DbusReader(message.body).string());
  }
}
