using NetLab.Core;
using NetLab.Core.Kernel;

namespace NetLab.Tests.Kernel;

public class SyscallDecoderTests
{
    [Theory]
    [InlineData("socket", "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP) = 3", 3, 2, 0x80801, 6)]
    [InlineData("socket", "socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = -1 EAFNOSUPPORT (Address family not supported by protocol)", -97, 10, 2, 0)]
    [InlineData("bind", "bind(3, 127.0.0.1:8000) = -1 EADDRINUSE (Address already in use)", -98, 3, 0x7ffd, 16)]
    [InlineData("listen", "listen(3, 5) = 0", 0, 3, 5)]
    [InlineData("accept4", "accept4(3, SOCK_CLOEXEC) = 4 from 127.0.0.1:45026", 4, 3, 0, 0, 0x80000)]
    [InlineData("accept", "accept(3) = -1 EAGAIN (Resource temporarily unavailable)", -11, 3)]
    [InlineData("accept", "accept(3) = ? ERESTARTSYS (To be restarted after the signal)", -512, 3)]
    [InlineData("connect", "connect(3, 127.0.0.1:45026) = -1 EINPROGRESS (Operation now in progress)", -115, 3, 0x7ffd, 16)]
    [InlineData("sendto", "sendto(4, …, 10, MSG_NOSIGNAL|MSG_MORE) = 10", 10, 4, 0x55, 10, 0xC000)]
    [InlineData("recvfrom", "recvfrom(4, …, 4096, MSG_PEEK|MSG_DONTWAIT) = 36", 36, 4, 0x55, 4096, 0x42)]
    [InlineData("setsockopt", "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, …, 4) = 0", 0, 3, 1, 2, 0x55, 4)]
    [InlineData("setsockopt", "setsockopt(3, SOL_TCP, TCP_NODELAY, …, 4) = 0", 0, 3, 6, 1, 0x55, 4)]
    [InlineData("getsockopt", "getsockopt(3, SOL_SOCKET, SO_ERROR, …) = 0", 0, 3, 1, 4, 0x55, 4)]
    [InlineData("shutdown", "shutdown(4, SHUT_WR) = -1 ENOTCONN (Transport endpoint is not connected)", -107, 4, 1)]
    [InlineData("fcntl", "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0", 0, 3, 4, 0x802)]
    [InlineData("fcntl", "fcntl(3, F_GETFL, 0) = 0x802 (O_RDWR|O_NONBLOCK)", 0x802, 3, 3, 0)]
    [InlineData("ioctl", "ioctl(3, FIONBIO, …) = 0", 0, 3, 0x5421, 0x55)]
    [InlineData("poll", "poll(…, 2, -1) = 1", 1, 0x55, 2, 0xFFFFFFFF)]
    [InlineData("epoll_ctl", "epoll_ctl(5, EPOLL_CTL_ADD, 3, …) = 0", 0, 5, 1, 3, 0x55)]
    [InlineData("close", "close(3) = 0", 0, 3)]
    [InlineData("nosuchcall", "nosuchcall() = 0", 0)]
    public void A_call_is_written_as_strace_writes_it(string call, string expected, long result, params object[] arguments)
    {
        var detail = new SyscallDetail { Phase = SyscallPhase.Returned, Result = result };
        for (int index = 0; index < arguments.Length; index++)
            detail.Arguments[index] = Convert.ToInt64(arguments[index]);
        var local = new Endpoint(IpAddress.Loopback, 8000);
        var remote = new Endpoint(IpAddress.Loopback, 45026);

        Assert.Equal(expected, SyscallDecoder.Format(call, detail, new FourTuple(local, remote)));
    }

    [Fact]
    public void A_call_that_has_not_returned_has_no_result()
    {
        var detail = new SyscallDetail { Phase = SyscallPhase.Entered };
        detail.Arguments[0] = 3;

        Assert.Equal("accept(3)", SyscallDecoder.Format("accept", detail, default));
        Assert.Null(SyscallDecoder.ErrorName(detail));
    }

    [Fact]
    public void Any_numbers_are_written()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        foreach (var call in SyscallTable.All)
        {
            for (int round = 0; round < 200; round++)
            {
                var detail = new SyscallDetail { Phase = SyscallPhase.Returned, Result = random.NextInt64(-5000, 5000) };
                for (int index = 0; index < 6; index++)
                    detail.Arguments[index] = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
                string text = SyscallDecoder.Format(call.Name, detail, default);
                Assert.True(text.StartsWith(call.Name + "(", StringComparison.Ordinal) && text.Contains(" = "), $"seed {seed}: {text}");
            }
        }
    }
}
