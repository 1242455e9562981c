using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Tests.Interop;

public sealed unsafe class IoUringTests
{
    [Fact]
    public void A_receive_completes_with_the_bytes_in_its_buffer()
    {
        using var ring = Setup(4);
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[64];
        Assert.True(ring.Receive(sockets.Descriptor, buffer, 64, 42));
        Assert.Equal(1, ring.Submit());
        Assert.False(ring.TryReap(out _, out _));
        Assert.Equal(1, ring.InFlight);

        sockets.Far.Send("hello"u8);
        var (userData, result) = Reap(ring);
        Assert.Equal((42UL, 5), (userData, result));
        Assert.True(new ReadOnlySpan<byte>(buffer, 5).SequenceEqual("hello"u8));
        Assert.Equal(0, ring.InFlight);
    }

    [Fact]
    public void Many_rounds_keep_their_order_of_data_and_their_names()
    {
        using var ring = Setup(2);
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[1];
        for (int round = 0; round < 300; round++)
        {
            sockets.Far.Send([(byte)round]);
            Assert.True(ring.Receive(sockets.Descriptor, buffer, 1, (ulong)round));
            Assert.Equal(((ulong)round, 1), Reap(ring));
            Assert.Equal((byte)round, *buffer);
        }
    }

    [Fact]
    public void A_full_ring_takes_no_more_until_it_is_submitted()
    {
        using var ring = Setup(2);
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[3];
        Assert.True(ring.Receive(sockets.Descriptor, buffer, 1, 1));
        Assert.True(ring.Receive(sockets.Descriptor, buffer + 1, 1, 2));
        Assert.False(ring.Receive(sockets.Descriptor, buffer + 2, 1, 3));
        Assert.Equal(2, ring.Submit());
        Assert.True(ring.Receive(sockets.Descriptor, buffer + 2, 1, 3));
        sockets.Far.Send("abc"u8);
        var names = new[] { Reap(ring).UserData, Reap(ring).UserData, Reap(ring).UserData };
        Assert.Equal((1UL, 2UL, 3UL), (names.Min(), names.Order().ElementAt(1), names.Max()));
        Assert.True(new ReadOnlySpan<byte>(buffer, 3).ToArray().Order().SequenceEqual("abc"u8.ToArray()));
    }

    [Fact]
    public void A_wait_ends_with_its_time()
    {
        using var ring = Setup(2);
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[1];
        ring.Receive(sockets.Descriptor, buffer, 1, 1);
        Assert.Equal(1, ring.Submit());
        int result;
        while ((result = ring.Submit(1, 1_000_000)) == -1 && SocketCalls.LastError == Errno.EINTR)
        {
        }

        Assert.Equal((-1, Errno.ETIME), (result, SocketCalls.LastError));
    }

    [Fact]
    public void What_is_cancelled_completes_and_takes_no_data()
    {
        using var ring = Setup(4);
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[1];
        ring.Receive(sockets.Descriptor, buffer, 1, 7);
        Assert.Equal(1, ring.Submit());
        Assert.True(ring.Cancel(7));
        Assert.Equal((7UL, -(int)Errno.ECANCELED), Reap(ring));
        sockets.Far.Send("x"u8);
        Assert.Equal(1, sockets.Near.Receive(new byte[1]));
    }

    [Fact]
    public void What_is_in_flight_at_the_end_writes_no_more()
    {
        using var sockets = new ConnectedSockets();
        byte* buffer = stackalloc byte[2];
        var ring = Setup(2);
        ring.Receive(sockets.Descriptor, buffer, 1, 1);
        Assert.Equal(1, ring.Submit());
        ring.Receive(sockets.Descriptor, buffer + 1, 1, 2);
        ring.Dispose();
        Assert.Equal(0, ring.InFlight);
        sockets.Far.Send("xy"u8);
        var received = new byte[2];
        Assert.Equal(2, sockets.Near.Receive(received, SocketFlags.None) is 1 ? 1 + sockets.Near.Receive(received.AsSpan(1)) : 2);
        Assert.Equal(0, buffer[0] + buffer[1]);
    }

    [Fact]
    public void A_refusal_is_an_error_number_and_no_exception()
    {
        // No ring has no entries (io_uring_setup(2)); where they are forbidden the answer is another, but no less plain.
        Assert.False(IoUring.TrySetup(0, out var ring, out var error));
        Assert.Null(ring);
        Assert.Contains(error, new[] { Errno.EINVAL, Errno.EPERM, Errno.ENOSYS });
    }

    private static IoUring Setup(int entries)
    {
        Assert.SkipUnless(IoUring.TrySetup(entries, out var ring, out var error), $"io_uring is forbidden here: {error.Name()}.");
        return ring!;
    }

    private static (ulong UserData, int Result) Reap(IoUring ring)
    {
        ulong userData;
        int result;
        while (!ring.TryReap(out userData, out result))
        {
            if (ring.Submit(1, 30_000_000_000) < 0)
                Assert.Equal(Errno.EINTR, SocketCalls.LastError);
        }

        return (userData, result);
    }
}
