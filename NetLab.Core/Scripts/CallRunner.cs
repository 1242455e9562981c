using NetLab.Core.Interop;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Scripts;

/// <summary>Makes an actor's system calls, and reports each.</summary>
internal sealed unsafe partial class CallRunner(RunState run, ActorRun actor)
{
    private byte[] _buffer = new byte[4096];
    private SocketAddress _sender;

    public SocketTable Sockets { get; } = new();

    private delegate long RawCall();

    /// <summary>Takes a step's call or calls.</summary>
    public StepResult Call(StepContext context, Operation operation)
    {
        if (!operation.TakesSocket)
            return CallOfNone(context, operation);
        if (Target(operation) is not { } socket)
            return new StepResult { Refusal = operation.On is null ? "no socket is open" : $"no socket named {operation.On} is open" };
        return operation switch
        {
            SetOption set => SetOption(context, socket, set),
            GetOption get => GetOption(context, socket, get),
            Bind bind => Bind(context, socket, bind),
            Listen listen => Listen(context, socket, listen),
            Accept accept => Accept(context, socket, accept),
            Connect connect => Connect(context, socket, connect),
            Send send => Send(context, socket, send),
            Receive receive => receive.Mode == ReceiveMode.Exactly ? ReceiveExactly(context, socket, receive) : Receive(context, socket, receive.Bytes, Flags(receive.Mode), false),
            SendTo sendTo => SendTo(context, socket, sendTo),
            ReceiveFrom receive => Receive(context, socket, receive.Bytes, Flags(receive.Mode), true),
            Shutdown how => Plain(context, socket, "shutdown", how.How switch { 0 => "SHUT_RD", 1 => "SHUT_WR", _ => "SHUT_RDWR" }, () => SocketCalls.Shutdown(socket.Fd, how.How)),
            SetBlocking set => SetBlocking(context, socket, set),
            Poll poll => Poll(context, socket, poll),
            Select select => Select(context, socket, select),
            EpollAdd add => EpollAdd(context, socket, add),
            Scripts.SendSignals => SendSignals(context, socket),
            AioStart start => AioStart(context, socket, start),
            AioSuspend suspend => AioSuspend(context, socket, suspend),
            Scripts.AioReturn => AioReturn(context, socket),
            UringReceive receive => UringReceive(context, socket, receive),
            Scripts.Abort or Scripts.Close or Scripts.Vanish when HeldBy(socket) is { } holder => new StepResult { Refusal = holder },
            Scripts.Abort => Abort(context, socket),
            Scripts.Close => Close(context, socket),
            Scripts.Vanish => Vanish(context, socket),
            Scripts.Unplug => Unplug(context, socket),
            _ => throw new InvalidOperationException($"No call for {operation.GetType().Name}."),
        };
    }

    private StepResult CallOfNone(StepContext context, Operation operation) => operation switch
    {
        OpenSocket open => Open(context, open),
        Scripts.EpollCreate => EpollCreate(context),
        EpollWait wait => EpollWait(context, wait),
        WaitSignal wait => WaitSignal(context, wait),
        Scripts.UringSetup => UringSetup(context),
        UringWait wait => UringWait(context, wait),
        _ => throw new InvalidOperationException($"No call for {operation.GetType().Name}."),
    };

    private LabSocket? Target(Operation operation) =>
        Sockets.Newest(operation.On, operation switch
        {
            Scripts.Accept => s => s.Listens,
            Scripts.AioSuspend or Scripts.AioReturn => _reads.ContainsKey,
            _ => null,
        }) ?? Sockets.Newest(operation.On);

    /// <summary>The socket that a step would be about now; null where there is none, or the step is about none.</summary>
    public SocketInUse? InUse(Operation operation) =>
        !operation.TakesSocket || Target(operation) is not { } socket ? null
            : new SocketInUse(socket.Name, socket.Family != AF_UNIX && socket.Kind == SocketKind.Stream, socket.Resets);

    /// <summary>Takes back what belongs to the actor's thread; called on it, at its end.</summary>
    public void LeaveThread()
    {
        EndSignals();
        EndRing();
    }

    /// <summary>Closes what is still open, the newest first, and takes away the files of unix sockets.</summary>
    public void CloseAll()
    {
        EndReads();
        EndEpoll();
        foreach (var socket in Sockets.All.Reverse())
        {
            if (socket.UnixFile is { } file)
                _ = SocketCalls.Unlink(file);
            socket.UnixFile = null;
            if (!socket.IsOpen)
                continue;
            socket.Close();
            run.Observer.SocketClosed(run.Options.Clock(), socket.Report);
        }
    }

    // When the last call began and returned: bytes were sent from its beginning on, and received by its end.
    private Timestamp _callStart;
    private Timestamp _callEnd;

    // A signal that is not ours (SIGCONT, say) does not end the call; a stop and a given-up call do.
    private StepResult Invoke(StepContext context, string name, int fd, string arguments, RawCall call, bool restart = true, Func<CallReport, CallReport>? tell = null)
    {
        actor.EnterCall(context.Step.Operation);
        long result;
        Errno error;
        Timestamp start, end;
        do
        {
            start = run.Options.Clock();
            result = call();
            error = result < 0 ? SocketCalls.LastError : Errno.None;
            end = run.Options.Clock();
        }
        while (error == Errno.EINTR && restart && !run.Stop.IsCancellationRequested && actor.GivenUp is null);
        actor.LeaveCall();
        (_callStart, _callEnd) = (start, end);
        var report = new CallReport(name, fd, arguments, result, error, start, end);
        run.Observer.CallReturned(context, tell?.Invoke(report) ?? report);
        return new StepResult { Number = result, Error = error, Refusal = error == Errno.EINTR ? actor.GivenUp : null };
    }

    private StepResult Plain(StepContext context, LabSocket socket, string name, string arguments, RawCall call) =>
        Invoke(context, name, socket.Fd, arguments, call);

    private StepResult Open(StepContext context, OpenSocket open)
    {
        int family = open.Family switch { SocketFamily.Inet => AF_INET, SocketFamily.Inet6 => AF_INET6, _ => AF_UNIX };
        int type = open.Kind == SocketKind.Stream ? SOCK_STREAM : SOCK_DGRAM;
        string words = $"AF_{open.Family.ToString().ToUpperInvariant()}, SOCK_{open.Kind.ToString().ToUpperInvariant()}";
        var result = Invoke(context, "socket", -1, words, () => SocketCalls.Socket(family, type | SOCK_CLOEXEC, 0));
        if (!result.Failed)
            run.Observer.SocketOpened(run.Options.Clock(), Sockets.Add(actor.Index, open.Name, (int)result.Number, family, open.Kind).Report);
        return result;
    }

    private StepResult SetOption(StepContext context, LabSocket socket, SetOption set)
    {
        // SO_LINGER takes a struct of two ints: whether, and for how many seconds.
        int* value = stackalloc int[2];
        bool linger = set.Option is { Level: SOL_SOCKET, Option: SO_LINGER };
        (value[0], value[1]) = linger ? (set.Value is null ? 0 : 1, set.Value ?? 0) : (set.Value ?? 0, 0);
        nint pointer = (nint)value;
        if (linger)
            socket.Resets = set.Value == 0;
        string words = $"{set.Option.Constant}, {set.Value?.ToString() ?? "off"}";
        return Plain(context, socket, "setsockopt", words,
            () => SocketCalls.SetSockOpt(socket.Fd, set.Option.Level, set.Option.Option, (void*)pointer, linger ? 8u : 4u));
    }

    private StepResult GetOption(StepContext context, LabSocket socket, GetOption get)
    {
        int* value = stackalloc int[2];
        nint pointer = (nint)value;
        var result = Plain(context, socket, "getsockopt", get.Option.Constant, () =>
        {
            uint length = 8;
            return SocketCalls.GetSockOpt(socket.Fd, get.Option.Level, get.Option.Option, (void*)pointer, &length);
        });
        if (!result.Failed)
            result.Number = get.Option is { Level: SOL_SOCKET, Option: SO_LINGER } ? value[1] : value[0];
        return result;
    }

    private StepResult Bind(StepContext context, LabSocket socket, Bind bind)
    {
        if (!Resolve(bind.Address, socket, out var address, out string? why))
            return new StepResult { Refusal = why };
        var result = Plain(context, socket, "bind", address.ToString(), () => WithAddress(address, (p, n) => SocketCalls.Bind(socket.Fd, (byte*)p, n)));
        if (!result.Failed)
        {
            socket.UnixFile = bind.Address.UnixPath is ['/', ..] path ? path : null;
            Name(socket);
        }
        else if (result.Error == Errno.EADDRINUSE && address.TryGetEndpoint(out var endpoint))
        {
            result.Words = run.Options.WhoHolds?.Invoke(endpoint) is { } who
                ? $"{who} has {endpoint}; end it, or use another port"
                : $"another socket has {endpoint}; 'ss -tanp' shows whose";
        }

        return result;
    }

    private StepResult Listen(StepContext context, LabSocket socket, Listen listen)
    {
        var result = Plain(context, socket, "listen", $"{listen.Backlog}", () => SocketCalls.Listen(socket.Fd, listen.Backlog));
        if (!result.Failed)
        {
            socket.Listens = true;
            Name(socket);
        }

        return result;
    }

    private StepResult Accept(StepContext context, LabSocket socket, Accept accept)
    {
        var result = Plain(context, socket, "accept4", "", () => SocketCalls.Accept4(socket.Fd, null, null, SOCK_CLOEXEC));
        if (result.Failed)
            return result;
        var accepted = Sockets.Add(actor.Index, accept.Name, (int)result.Number, socket.Family, SocketKind.Stream);
        run.Observer.SocketOpened(run.Options.Clock(), accepted.Report);
        Name(accepted);
        return result;
    }

    private StepResult Connect(StepContext context, LabSocket socket, Connect connect)
    {
        if (!Resolve(connect.Address, socket, out var address, out string? why))
            return new StepResult { Refusal = why };
        run.Observer.SocketConnects(run.Options.Clock(), context, socket.Report);
        // A connect that was interrupted goes on by itself; calling it again would only say EALREADY.
        var result = Invoke(context, "connect", socket.Fd, address.ToString(), () => WithAddress(address, (p, n) => SocketCalls.Connect(socket.Fd, (byte*)p, n)), restart: false);
        if (!result.Failed || result.Error == Errno.EINPROGRESS)
            Name(socket);
        return result;
    }

    private StepResult SetBlocking(StepContext context, LabSocket socket, SetBlocking set)
    {
        int flags = SocketCalls.Fcntl(socket.Fd, F_GETFL, 0);
        bool nonblocking = set.Mode == BlockingMode.Nonblocking;
        return Plain(context, socket, "fcntl", nonblocking ? "F_SETFL, O_NONBLOCK" : "F_SETFL, 0",
            () => SocketCalls.Fcntl(socket.Fd, F_SETFL, nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
    }

    private void Name(LabSocket socket)
    {
        if (socket.LearnNames())
            run.Observer.SocketNamed(run.Options.Clock(), socket.Report);
    }

    private bool Resolve(AddressText text, LabSocket socket, out SocketAddress address, out string? why)
    {
        (address, why) = (default, null);
        if (text.UnixPath is { } path)
        {
            address = SocketAddress.FromUnixPath(path);
            return true;
        }

        if (text.IsSender)
        {
            address = _sender;
            why = address.Length == 0 ? "no datagram has come yet, so there is no sender" : null;
            return why is null;
        }

        var endpoint = new Endpoint(text.Address ?? default, text.Port);
        if (text.Socket is { } reference)
        {
            var known = Array.Find(run.Actors, a => a.Actor.Name == reference.Actor) is { } owner
                ? owner.Sockets.Find(reference.Socket)?.Report.Local ?? default
                : run.Options.ServerAddress?.Invoke(reference.Actor) ?? default;
            why = known.Port == 0 ? $"{reference} has no port yet" : null;
            endpoint = new Endpoint(text.Address ?? known.Address, known.Port);
        }

        address = SocketAddress.FromEndpoint(endpoint, socket.Family);
        return why is null;
    }

    private delegate long AddressCall(nint address, uint length);

    private static long WithAddress(SocketAddress address, AddressCall call)
    {
        fixed (byte* pointer = address.Bytes)
            return call((nint)pointer, address.Length);
    }
}
