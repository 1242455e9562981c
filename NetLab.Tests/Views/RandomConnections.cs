namespace NetLab.Tests.Views;

/// <summary>
/// A program that opens connections over loopback and closes them in random ways. It takes a seed, a count and a port, says "PORT what was done" of each (the client's
/// port), then "done", and keeps what it left open until its standard input ends. The port after its own is one on which nobody listens.
/// </summary>
/// <remarks>
/// Three things it leaves out on purpose, because the wire does not show them: close() of a socket whose FIN has to wait behind data for a closed window (RFC 9293
/// section 3.10.4 enters FIN_WAIT_1 at once, the wire shows the FIN later), close() in SYN_SENT (no segment says so), and the end of TIME_WAIT (a minute later).
/// </remarks>
internal static class RandomConnections
{
    public const string Program = """
        import mmap, os, random, signal, socket, struct, sys
        seed, count, port = (int(word) for word in sys.argv[1:4])
        chance = random.Random(seed)
        left = []                                  # what stays open until the end

        # A process beside this one that closes at the same moment: it is handed its end, says that it is ready, and spins until the flag.
        flag = mmap.mmap(-1, 4096)
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            ours.close()
            while True:
                word, descriptors, _, _ = socket.recv_fds(theirs, 16, 1)
                if not word:
                    os._exit(0)
                end = socket.socket(fileno=descriptors[0])
                theirs.send(b"r")
                while flag[0] == 0:
                    pass
                try:
                    end.shutdown(socket.SHUT_WR) if word == b"shutdown" else end.close()
                except OSError:
                    pass                           # the other was quicker with a reset
                end.close()
                theirs.send(b"d")
        theirs.close()

        def listen(family, address):
            listener = socket.socket(family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen(64)
            return listener

        def abort(end):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.close()

        def drain(end):
            end.setblocking(False)
            try:
                while end.recv(4096):
                    pass
            finally:
                end.setblocking(True)

        # What an end may do, and how often it comes.
        calls = [
            (4, "send", lambda end: end.send(b"x" * chance.randint(1, 2000))),
            (4, "recv", drain),
            (2, "shutdown-write", lambda end: end.shutdown(socket.SHUT_WR)),
            (1, "shutdown-read", lambda end: end.shutdown(socket.SHUT_RD)),
            (1, "shutdown-both", lambda end: end.shutdown(socket.SHUT_RDWR)),
            (2, "close", lambda end: end.close()),
            (1, "abort", abort),
        ]

        def act(ends, done):
            name = chance.choice([name for name in ends if ends[name].fileno() >= 0])
            _, what, call = chance.choices(calls, [weight for weight, _, _ in calls])[0]
            done.append(name + "." + what)
            try:
                call(ends[name])
            except OSError as error:               # reset, or shut down before
                done.append(f"({error.errno})")

        def still_open(ends):
            return [name for name in ends if ends[name].fileno() >= 0]

        def at_once(ends, done):
            if len(still_open(ends)) < 2:
                return
            mine, other = chance.sample(["client", "server"], 2)
            word = chance.choice([b"close", b"close", b"shutdown"])
            done.append(f"{mine}.close+{other}.{word.decode()}")
            flag[0] = 0
            socket.send_fds(ours, [word], [ends[other].fileno()])
            ours.recv(1)
            ends[other].close()                    # the other process has it alone now
            flag[0] = 1
            ends[mine].close()
            ours.recv(1)

        # A process that holds one end or both is killed: the kernel closes for it.
        def kill(ends, done):
            victims = chance.choice([["client"], ["server"], ["client", "server"]])
            child = os.fork()
            if child == 0:
                while True:
                    signal.pause()
            done.append("killed " + "+".join(victims))
            for name in victims:
                ends[name].close()
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

        def orderly(ends, done):
            names = still_open(ends)
            chance.shuffle(names)
            for name in names:
                done.append(name + ".close")
                ends[name].close()

        def leave(ends, done):
            done.append("left")
            left.extend(ends[name] for name in still_open(ends))

        def refuse(family, address):
            client = socket.socket(family)
            client.bind((address, 0))
            try:
                client.connect((address, port + 1))
            except ConnectionRefusedError:
                print(client.getsockname()[1], "refused", flush=False)
            client.close()

        places = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "127.77.83.1"), (socket.AF_INET6, "::1")]
        listeners = {place: listen(*place) for place in places}
        for number in range(count):
            place = chance.choice(places)
            if chance.random() < 0.03:
                refuse(*place)
                continue
            client = socket.socket(place[0])
            client.connect((place[1], port))
            name, done = client.getsockname()[1], []
            server, _ = listeners[place].accept()
            ends = {"client": client, "server": server}
            for _ in range(chance.choice([0, 0, 1, 2, 3, 5, 8])):
                if still_open(ends):
                    act(ends, done)
            fate = chance.choices([orderly, at_once, kill, leave], [50, 25, 15, 10])[0]
            fate(ends, done)
            if fate is not leave:
                orderly(ends, done)
            print(name, *done)

        # Some that nobody accepted: the end of their listener resets them.
        last = socket.socket()
        last.bind(("127.77.83.2", port))
        last.listen(64)
        for number in range(20):
            client = socket.socket()
            client.connect(("127.77.83.2", port))
            print(client.getsockname()[1], "never accepted", number % 3)
            if number % 3 == 0:
                client.close()
            elif number % 3 == 1:
                abort(client)
            else:
                left.append(client)
        last.close()
        print("done", flush=True)
        sys.stdin.read()
        """;
}
