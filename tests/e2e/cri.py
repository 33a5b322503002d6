#!/usr/bin/python3
"""A client of Kubernetes' Container Runtime Interface, as small as the tests need it: what crictl does, which Debian lacks.

  cri.py image NAME ROOTFS FILE                       an image of that directory, as an archive that ctr imports
  cri.py run SOCKET NAMESPACE POD CONTAINER IMAGE COMMAND...   a pod with one container; prints both ids
  cri.py remove SOCKET POD-ID

Messages are written by their field numbers (cri-api, api.proto, runtime.v1).

SPDX-License-Identifier: Apache-2.0
"""
import hashlib
import io
import json
import sys
import tarfile

import grpc


def varint(number):
    result = b""
    while number > 127:
        result += bytes([number & 127 | 128])
        number >>= 7
    return result + bytes([number])


def message(*fields):
    """Of (number, value): an integer, a string, or a message that is bytes already."""
    result = b""
    for number, value in fields:
        if isinstance(value, int):
            result += varint(number << 3) + varint(value)
        else:
            content = value.encode() if isinstance(value, str) else value
            result += varint(number << 3 | 2) + varint(len(content)) + content
    return result


def first_string(answer):
    """Field 1, which all answers here begin with."""
    return answer[2:2 + answer[1]].decode()


def call(socket, method, request):
    with grpc.insecure_channel("unix://" + socket) as channel:
        send = channel.unary_unary("/runtime.v1.RuntimeService/" + method, lambda bytes_: bytes_, lambda bytes_: bytes_)
        return send(request, timeout=60)


def run(socket, namespace, pod, container, image, *command):
    in_host_network = message((2, message((1, message((1, 2))))))
    sandbox = message((1, message((1, pod), (2, "uid-" + pod), (3, namespace))), (8, in_host_network))
    pod_id = first_string(call(socket, "RunPodSandbox", message((1, sandbox))))
    print(pod_id, flush=True)
    words = [(3, word) for word in command]
    config = message((1, message((1, container))), (2, message((1, image))), *words)
    created = call(socket, "CreateContainer", message((1, pod_id), (2, config), (3, sandbox)))
    container_id = first_string(created)
    call(socket, "StartContainer", message((1, container_id)))
    print(container_id)


def remove(socket, pod_id):
    call(socket, "StopPodSandbox", message((1, pod_id)))
    call(socket, "RemovePodSandbox", message((1, pod_id)))


def image(name, rootfs, path):
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        archive.add(rootfs, ".")
    digest = hashlib.sha256(layer.getvalue()).hexdigest()
    config = json.dumps({"author": name, "architecture": "amd64", "os": "linux", "config": {"Env": ["PATH=/bin"], "Cmd": ["sleep", "1000"]},
                         "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest]}})
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}])
    with tarfile.open(path, "w") as archive:
        for member, content in ("config.json", config.encode()), ("manifest.json", manifest.encode()), ("layer.tar", layer.getvalue()):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


try:
    {"run": run, "remove": remove, "image": image}[sys.argv[1]](*sys.argv[2:])
except grpc.RpcError as failure:
    sys.exit(failure.details())
