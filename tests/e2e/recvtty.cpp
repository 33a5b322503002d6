// The engine's side of --console-socket: takes a container's terminal and prints what the container writes to it.
//
// recvtty SOCKET: listens there, takes one descriptor from the first who connects, copies from it to stdout until the
// container's side is closed, and removes the socket. Exit status 1 when no descriptor came.
//
// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace {

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  _exit(1);
}

int listen_at(const char* path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (std::strlen(path) >= sizeof address.sun_path) give_up("the path of the socket is too long");
  std::strcpy(address.sun_path, path);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) give_up("bind");
  if (listen(listener, 1) != 0) give_up("listen");
  return listener;
}

int receive_descriptor(int connection) {
  char name[4096];
  iovec data = {name, sizeof name};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
  msghdr message = {};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  if (recvmsg(connection, &message, MSG_CMSG_CLOEXEC) < 0) give_up("recvmsg");
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_RIGHTS) give_up("no descriptor came");
  int descriptor = -1;
  std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  return descriptor;
}

// A terminal ends with EIO, once all have closed the other side.
void print_all(int terminal) {
  char bytes[4096];
  for (ssize_t size = 0; (size = read(terminal, bytes, sizeof bytes)) > 0;)
    if (write(STDOUT_FILENO, bytes, static_cast<size_t>(size)) != size) give_up("write");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) give_up("usage: recvtty SOCKET");
  const int listener = listen_at(argv[1]);
  const int connection = accept(listener, nullptr, nullptr);
  if (connection < 0) give_up("accept");
  const int terminal = receive_descriptor(connection);
  unlink(argv[1]);
  print_all(terminal);
  return 0;
}
