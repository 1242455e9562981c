using NetLab.Core.Interop;

namespace NetLab.Tests.Interop;

public sealed unsafe class EpollCallsTests
{
    [Fact]
    public void A_socket_with_data_is_told_by_its_descriptor_and_one_without_is_not()
    {
        using var silent = new ConnectedSockets();
        using var first = new ConnectedSockets();
        using var second = new ConnectedSockets();
        using var epoll = new FileDescriptor(EpollCalls.Create());
        foreach (var sockets in new[] { silent, first, second })
            Watch(epoll, EpollCalls.Add, sockets, EpollCalls.In);
        var events = stackalloc EpollEvent[8];
        Assert.Equal(0, EpollCalls.Wait(epoll.Number, events, 8, 0));

        first.Far.Send("a"u8);
        second.Far.Send("b"u8);
        Assert.True(Poll.Wait([new PollEntry(first.Descriptor, PollEvents.Readable)], TimeSpan.FromSeconds(30)) == 1);
        Assert.True(Poll.Wait([new PollEntry(second.Descriptor, PollEvents.Readable)], TimeSpan.FromSeconds(30)) == 1);
        int count = EpollCalls.Wait(epoll.Number, events, 8, 10_000);

        Assert.Equal(2, count);
        Assert.Equal([first.Descriptor, second.Descriptor], new[] { events[0].Descriptor, events[1].Descriptor }.Order());
        Assert.Equal((EpollCalls.In, EpollCalls.In), (events[0].Events, events[1].Events));
    }

    [Fact]
    public void What_is_asked_for_can_be_changed_and_taken_back()
    {
        using var sockets = new ConnectedSockets();
        using var epoll = new FileDescriptor(EpollCalls.Create());
        var events = stackalloc EpollEvent[1];
        Watch(epoll, EpollCalls.Add, sockets, EpollCalls.In);
        Watch(epoll, EpollCalls.Modify, sockets, EpollCalls.Out);
        Assert.Equal(1, EpollCalls.Wait(epoll.Number, events, 1, 10_000));
        Assert.Equal((EpollCalls.Out, sockets.Descriptor), (events[0].Events, events[0].Descriptor));

        Assert.Equal(0, EpollCalls.Control(epoll.Number, EpollCalls.Delete, sockets.Descriptor, null));
        Assert.Equal(0, EpollCalls.Wait(epoll.Number, events, 1, 0));
    }

    [Fact]
    public void A_refusal_has_its_number()
    {
        using var sockets = new ConnectedSockets();
        using var epoll = new FileDescriptor(EpollCalls.Create());
        Watch(epoll, EpollCalls.Add, sockets, EpollCalls.In);
        var wanted = new EpollEvent { Events = EpollCalls.In, Descriptor = sockets.Descriptor };
        Assert.Equal(-1, EpollCalls.Control(epoll.Number, EpollCalls.Add, sockets.Descriptor, &wanted));
        Assert.Equal(Errno.EEXIST, SocketCalls.LastError);
    }

    private static void Watch(FileDescriptor epoll, int operation, ConnectedSockets sockets, uint events)
    {
        var wanted = new EpollEvent { Events = events, Descriptor = sockets.Descriptor };
        Assert.Equal(0, EpollCalls.Control(epoll.Number, operation, sockets.Descriptor, &wanted));
    }
}
