using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Tests.Interop;

public sealed unsafe class AioReadTests
{
    private const int Signal = 56;

    [Fact]
    public void A_read_returns_at_once_and_ends_when_data_comes()
    {
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[64];
        using var read = new AioRead();
        Assert.Equal(0, read.Start(sockets.Descriptor, buffer, 64));
        Assert.Equal((int)Errno.EINPROGRESS, read.Error());
        Assert.True(read.IsInFlight);
        Assert.Equal(-1, read.Suspend(1_000_000));
        Assert.Equal(Errno.EAGAIN, SocketCalls.LastError);

        sockets.Far.Send("hello"u8);
        Wait(read);
        Assert.Equal(0, read.Error());
        Assert.Equal(5, read.Return());
        Assert.True(new ReadOnlySpan<byte>(buffer, 5).SequenceEqual("hello"u8));
        Assert.False(read.IsInFlight);

        // The same memory serves the next one.
        Assert.Equal(0, read.Start(sockets.Descriptor, buffer, 64));
        sockets.Far.Shutdown(SocketShutdown.Send);
        Wait(read);
        Assert.Equal((0, 0), (read.Error(), read.Return()));
    }

    [Fact]
    public void The_end_is_told_by_a_signal_to_the_thread() => SignalCallsTests.OnThread(() =>
    {
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[64];
        var set = SignalSet.Of(Signal);
        Assert.Equal(0, SignalCalls.Mask(SignalCalls.Block, in set, out var before));
        using var read = new AioRead();
        Assert.Equal(0, read.Start(sockets.Descriptor, buffer, 64, new AioNotice(Signal, ThreadSignal.CurrentThread, 4711)));
        sockets.Far.Send("hello"u8);
        Assert.Equal(Signal, SignalCalls.Wait(in set, out var info, 30_000_000_000));
        Assert.Equal((SignalInfo.SI_ASYNCIO, 4711), (info.Code, info.Value));
        Assert.Equal((0, 5), (read.Error(), read.Return()));
        SignalCalls.Mask(SignalCalls.SetMask, in before, out _);
    });

    [Fact]
    public void A_read_that_has_begun_can_not_be_cancelled_but_ends_with_its_socket()
    {
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[64];
        var read = new AioRead();
        Assert.Equal(0, read.Start(sockets.Descriptor, buffer, 64));
        // glibc's thread may not have taken it yet; then it could be cancelled, which is not what this is about.
        Assert.Equal(-1, read.Suspend(20_000_000));
        int cancelled = read.Cancel();
        Assert.Contains(cancelled, new[] { AioRead.NotCancelled, AioRead.Cancelled });
        if (cancelled == AioRead.NotCancelled)
            Assert.True(read.IsInFlight);
        sockets.Near.Shutdown(SocketShutdown.Both);
        read.Dispose();
        Assert.Equal(0, sockets.Near.Available);
    }

    [Fact]
    public void An_error_is_told_by_its_number()
    {
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[64];
        using var read = new AioRead();
        Assert.Equal(0, read.Start(-1, buffer, 64));
        Wait(read);
        Assert.Equal(((int)Errno.EBADF, -1), (read.Error(), read.Return()));
    }

    [Fact]
    public void No_read_is_started_over_another()
    {
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[64];
        using var read = new AioRead();
        Assert.Equal(0, read.Start(sockets.Descriptor, buffer, 64));
        bool refused = false;
        try
        {
            read.Start(sockets.Descriptor, buffer, 64);
        }
        catch (InvalidOperationException)
        {
            refused = true;
        }

        Assert.True(refused);
        sockets.Far.Send("x"u8);
    }

    private static void Wait(AioRead read)
    {
        while (read.Suspend(30_000_000_000) != 0)
            Assert.Equal(Errno.EINTR, SocketCalls.LastError);
    }
}
