using System.Runtime.InteropServices;
using NetLab.Core.Interop;
using static NetLab.Core.Interop.SocketConstants;

namespace NetLab.Core.Scripts;

/// <summary>Calls that start a read and come back: glibc's asynchronous reads, and io_uring. What they write to stays where it is until they have ended.</summary>
internal sealed unsafe partial class CallRunner
{
    private const int RingEntries = 64;

    private readonly Dictionary<LabSocket, AsynchronousRead> _reads = [];
    private readonly Dictionary<ulong, (LabSocket Socket, nint Buffer, int Length)> _requests = [];
    private IoUring? _ring;
    private ulong _lastRequest;

    /// <summary>A read of glibc's, with its buffer.</summary>
    private sealed record AsynchronousRead(AioRead Read, nint Buffer);

    private StepResult AioStart(StepContext context, LabSocket socket, AioStart start)
    {
        if (_reads.ContainsKey(socket))
            return new StepResult { Refusal = $"the aio_read of {socket.Name} before this one has not been taken: aio_return comes first" };
        var read = new AsynchronousRead(new AioRead(), (nint)NativeMemory.AllocZeroed((nuint)start.Bytes));
        _reads.Add(socket, read);
        var result = Plain(context, socket, "aio_read", $"{start.Bytes}", () => read.Read.Start(socket.Fd, (byte*)read.Buffer, start.Bytes));
        if (result.Failed)
            Forget(socket);
        return result;
    }

    private StepResult AioSuspend(StepContext context, LabSocket socket, AioSuspend suspend)
    {
        if (!_reads.TryGetValue(socket, out var read))
            return NoRead(socket);
        var result = Plain(context, socket, "aio_suspend", suspend.Timeout?.ToString() ?? "no limit", () => read.Read.Suspend(suspend.Timeout?.Nanoseconds ?? -1));
        // As with poll: 1 if it has ended, 0 if the time is over.
        if (result.Error == Errno.EAGAIN)
            return new StepResult { Number = 0 };
        if (!result.Failed)
            result.Number = 1;
        return result;
    }

    private StepResult AioReturn(StepContext context, LabSocket socket)
    {
        if (!_reads.TryGetValue(socket, out var read))
            return NoRead(socket);
        // aio_return(3) may be asked only when aio_error(3) says that the read has ended, and once.
        var result = Plain(context, socket, "aio_return", "", () =>
        {
            var error = (Errno)read.Read.Error();
            if (error == Errno.EINPROGRESS)
            {
                SocketCalls.LastError = error;
                return -1;
            }

            long count = read.Read.Return();
            if (error != Errno.None)
                SocketCalls.LastError = error;
            return error == Errno.None ? count : -1;
        });
        if (result.Error == Errno.EINPROGRESS)
            return result;
        if (!result.Failed)
            Take(ref result, socket, read.Buffer);
        Forget(socket);
        return result;
    }

    private StepResult UringSetup(StepContext context)
    {
        if (_ring is not null)
            return new StepResult { Refusal = $"{actor.Actor.Name} has a ring already" };
        var result = Invoke(context, "io_uring_setup", -1, $"{RingEntries}", () =>
        {
            if (IoUring.TrySetup(RingEntries, out _ring, out var error))
                return _ring!.Descriptor;
            SocketCalls.LastError = error;
            return -1;
        });
        if (result.Error is Errno.EPERM or Errno.ENOSYS)
            result.Words = "io_uring is forbidden here: by kernel.io_uring_disabled (sysctl), by a container's filter, or the kernel has none";
        return result;
    }

    private StepResult UringReceive(StepContext context, LabSocket socket, UringReceive receive)
    {
        if (_ring is not { } ring)
            return new StepResult { Refusal = "there is no ring yet: uring_setup comes first" };
        nint buffer = (nint)NativeMemory.AllocZeroed((nuint)receive.Bytes);
        ulong request = ++_lastRequest;
        // Each is submitted as soon as it is queued, so the ring has room.
        _requests.Add(request, (socket, buffer, receive.Bytes));
        ring.Receive(socket.Fd, (byte*)buffer, receive.Bytes, request);
        return Plain(context, socket, "io_uring_enter", $"submit IORING_OP_RECV {receive.Bytes}", () => ring.Submit());
    }

    private StepResult UringWait(StepContext context, UringWait wait)
    {
        if (_ring is not { } ring)
            return new StepResult { Refusal = "there is no ring yet: uring_setup comes first" };
        if (_requests.Count == 0)
            return new StepResult { Refusal = "nothing is in flight: uring_recv comes first" };
        var result = Invoke(context, "io_uring_enter", -1, $"wait for 1, {wait.Timeout?.ToString() ?? "no limit"}", () => ring.Submit(1, wait.Timeout?.Nanoseconds ?? -1));
        if (!ring.TryReap(out ulong request, out int count))
            return result;
        var (socket, buffer, length) = _requests[request];
        _requests.Remove(request);
        result = count < 0 ? new StepResult { Number = -1, Error = (Errno)(-count) } : new StepResult { Number = count };
        // No system call but what the kernel did for it, under the kernel's name.
        run.Observer.CallReturned(context, new CallReport("IORING_OP_RECV", socket.Fd, $"{length}", result.Number, result.Error, _callStart, _callEnd));
        if (!result.Failed)
            Take(ref result, socket, buffer);
        NativeMemory.Free((void*)buffer);
        return result;
    }

    // A socket that is closed while a read of it is in flight stays open in the kernel: no FIN goes out.
    private string? HeldBy(LabSocket socket) =>
        _reads.TryGetValue(socket, out var read) && read.Read.IsInFlight
            ? $"an aio_read of {socket.Name} is in flight and keeps it open: shutdown ends it, then aio_return takes it"
        : _requests.Values.Any(request => request.Socket == socket)
            ? $"a uring_recv of {socket.Name} is in flight and keeps it open: shutdown ends it, then uring_wait takes it"
        : null;

    private void Take(ref StepResult result, LabSocket socket, nint buffer)
    {
        result.Received = new ReadOnlySpan<byte>((void*)buffer, (int)result.Number).ToArray();
        run.Observer.BytesReceived(_callEnd, socket.Report, result.Received);
    }

    private static StepResult NoRead(LabSocket socket) => new() { Refusal = $"no aio_read of {socket.Name} was started" };

    private void Forget(LabSocket socket)
    {
        if (!_reads.Remove(socket, out var read))
            return;
        read.Read.Dispose();
        NativeMemory.Free((void*)read.Buffer);
    }

    // What glibc's thread has begun can't be cancelled; it ends with the socket, which is closed after this.
    private void EndReads()
    {
        foreach (var (socket, read) in _reads.ToArray())
        {
            if (read.Read.IsInFlight && read.Read.Cancel() == AioRead.NotCancelled && socket.IsOpen)
                _ = SocketCalls.Shutdown(socket.Fd, SHUT_RDWR);
            Forget(socket);
        }
    }

    private void EndRing()
    {
        if (_ring is not { } ring)
            return;
        // One by one, which kernels before 5.19 can do, too.
        foreach (ulong request in _requests.Keys)
        {
            if (ring.Cancel(request))
                continue;
            _ = ring.Submit();
            _ = ring.Cancel(request);
        }

        while (ring.InFlight > 0)
        {
            if (!ring.TryReap(out _, out _) && ring.InFlight > 0 && ring.Submit(1) < 0 && SocketCalls.LastError != Errno.EINTR)
                break;
        }

        bool ended = ring.InFlight == 0;
        ring.Dispose();
        _ring = null;
        foreach (var (_, buffer, _) in _requests.Values)
        {
            // Memory that the kernel may still write to is not given back.
            if (ended)
                NativeMemory.Free((void*)buffer);
        }

        _requests.Clear();
    }
}
