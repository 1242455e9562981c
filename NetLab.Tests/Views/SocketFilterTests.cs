using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Core.Views;

namespace NetLab.Tests.Views;

public class SocketFilterTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData(":8000", true)]
    [InlineData(":45026", true)]
    [InlineData(":80", false)]
    [InlineData("!:80", true)]
    [InlineData("estab", true)]
    [InlineData("established tcp", true)]
    [InlineData("time-wait", false)]
    [InlineData("!TIME_WAIT", true)]
    [InlineData("udp", false)]
    [InlineData("PYTH", true)]
    [InlineData("127.0.0", true)]
    [InlineData("root", true)]
    [InlineData("4711", true)]
    [InlineData("471", false)]
    [InlineData(":8000 nginx", false)]
    public void All_words_must_hold(string text, bool wanted)
    {
        var row = new SocketEntry
        {
            Key = new SocketKey(6, new FourTuple(new Endpoint(IpAddress.Loopback, 8000), new Endpoint(IpAddress.Loopback, 45026)), 1),
            ProcessId = 4711,
        };
        row.Detail.Protocol = 6;
        row.Detail.State = TcpState.Established;
        Assert.True(SocketFilter.TryParse(text, out var filter, out _, out _));
        Assert.Equal(wanted, filter.Wants(row, "python3", "root"));
    }

    [Theory]
    [InlineData(":", 2, "a port from 0 to 65535 must follow ':'")]
    [InlineData("tcp :65536", 6, "a port from 0 to 65535 must follow ':'")]
    [InlineData("listen !", 9, "a word must follow '!'")]
    [InlineData("!:x", 3, "a port from 0 to 65535 must follow ':'")]
    public void A_mistake_has_its_column(string text, int column, string fault)
    {
        Assert.False(SocketFilter.TryParse(text, out var filter, out string told, out int at));
        Assert.Equal((column, fault), (at, told));
        Assert.True(filter.IsAll);
    }
}
