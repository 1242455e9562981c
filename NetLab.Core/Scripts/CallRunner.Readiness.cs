using NetLab.Core.Interop;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Scripts;

/// <summary>The calls that wait until a socket is ready: select, poll, epoll.</summary>
internal sealed unsafe partial class CallRunner
{
    private int _epoll = -1;

    private StepResult Poll(StepContext context, LabSocket socket, Poll poll)
    {
        bool readable = poll.Readiness == Readiness.Readable;
        int timeout = Milliseconds(poll.Timeout);
        var sockets = WatchedBy(poll.Watched, socket);
        var watched = new SocketCalls.PollFd[sockets.Length];
        for (int index = 0; index < sockets.Length; index++)
            watched[index] = new SocketCalls.PollFd { Fd = sockets[index].Fd, Events = readable ? POLLIN : POLLOUT };
        string words = $"{(readable ? "POLLIN" : "POLLOUT")}, {(sockets.Length == 1 ? "" : $"{sockets.Length} sockets, ")}{timeout}";
        return Invoke(context, "poll", sockets.Length == 1 ? socket.Fd : -1, words, () =>
        {
            fixed (SocketCalls.PollFd* pointer = watched)
                return SocketCalls.Poll(pointer, (nuint)watched.Length, timeout);
        }, tell: report => Ready(report, sockets, index => watched[index].Revents != 0));
    }

    private StepResult Select(StepContext context, LabSocket socket, Select select)
    {
        bool readable = select.Readiness == Readiness.Readable;
        var sockets = WatchedBy(select.Watched, socket);
        int highest = sockets.Max(s => s.Fd);
        // The kernel takes sets of any size; only the C header stops at 1,024 descriptors.
        var set = new ulong[highest / 64 + 16];
        string words = $"{(readable ? "read" : "write")}, {(sockets.Length == 1 ? "" : $"{sockets.Length} sockets, ")}{select.Timeout?.ToString() ?? "no limit"}";
        return Invoke(context, "select", sockets.Length == 1 ? socket.Fd : -1, words, () =>
        {
            Array.Clear(set);
            foreach (var one in sockets)
                set[one.Fd / 64] |= 1UL << (one.Fd % 64);
            long microseconds = (select.Timeout?.Nanoseconds ?? 0) / 1_000;
            var time = new SocketCalls.TimeVal { Seconds = (nint)(microseconds / 1_000_000), Microseconds = (nint)(microseconds % 1_000_000) };
            fixed (ulong* pointer = set)
                return SocketCalls.Select(highest + 1, readable ? pointer : null, readable ? null : pointer, null, select.Timeout is null ? null : &time);
        }, tell: report => Ready(report, sockets, index => (set[sockets[index].Fd / 64] & 1UL << (sockets[index].Fd % 64)) != 0));
    }

    private StepResult EpollCreate(StepContext context)
    {
        if (_epoll >= 0)
            return new StepResult { Refusal = $"{actor.Actor.Name} has an epoll already" };
        var result = Invoke(context, "epoll_create1", -1, "EPOLL_CLOEXEC", () => EpollCalls.Create());
        if (!result.Failed)
            _epoll = (int)result.Number;
        return result;
    }

    private StepResult EpollAdd(StepContext context, LabSocket socket, EpollAdd add)
    {
        if (_epoll < 0)
            return new StepResult { Refusal = "there is no epoll yet: epoll_create comes first" };
        var wanted = new EpollEvent { Events = add.Readiness == Readiness.Readable ? EpollCalls.In : EpollCalls.Out, Descriptor = socket.Fd };
        string words = $"EPOLL_CTL_ADD, {(add.Readiness == Readiness.Readable ? "EPOLLIN" : "EPOLLOUT")}";
        return Plain(context, socket, "epoll_ctl", words, () =>
        {
            var copy = wanted;
            return EpollCalls.Control(_epoll, EpollCalls.Add, socket.Fd, &copy);
        });
    }

    private StepResult EpollWait(StepContext context, EpollWait wait)
    {
        if (_epoll < 0)
            return new StepResult { Refusal = "there is no epoll yet: epoll_create comes first" };
        int timeout = Milliseconds(wait.Timeout);
        var events = new EpollEvent[64];
        int came = 0;
        return Invoke(context, "epoll_wait", -1, $"{timeout}", () =>
        {
            fixed (EpollEvent* pointer = events)
                return came = EpollCalls.Wait(_epoll, pointer, events.Length, timeout);
        }, tell: report =>
        {
            var ready = events.Take(Math.Max(came, 0)).Select(e => e.Descriptor).ToHashSet();
            var sockets = Sockets.All.Where(s => s.IsOpen).ToArray();
            return Ready(report, sockets, index => ready.Contains(sockets[index].Fd));
        });
    }

    private void EndEpoll()
    {
        if (_epoll >= 0)
            _ = SocketCalls.Close(_epoll);
        _epoll = -1;
    }

    // The call's arguments, and behind them what came of it: "POLLIN, 2 sockets, -1: connection.2".
    private static CallReport Ready(CallReport report, LabSocket[] sockets, Func<int, bool> isReady)
    {
        if (report.Result < 1 || sockets.Length == 1 && report.Fd >= 0)
            return report;
        var ready = Enumerable.Range(0, sockets.Length).Where(isReady).Select(index => sockets[index]).ToArray();
        return report with
        {
            Arguments = $"{report.Arguments}: {string.Join(", ", ready.Select(s => s.Name))}",
            Fd = report.Fd < 0 && ready.Length == 1 ? ready[0].Fd : report.Fd,
        };
    }

    private LabSocket[] WatchedBy(Watched watched, LabSocket socket) => watched == Watched.One ? [socket] : [.. Sockets.All.Where(s => s.IsOpen)];

    private static int Milliseconds(Duration? timeout) => timeout is { } limit ? (int)((limit.Nanoseconds + 999_999) / 1_000_000) : -1;
}
