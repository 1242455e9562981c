using NetLab.Core;
using NetLab.Core.Kernel;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

public class EndpointSelectorTests
{
    [Theory]
    [InlineData("", "tcp4 tcp6 udp4 udp6")]
    [InlineData("4", "tcp4 udp4")]
    [InlineData("6", "tcp6 udp6")]
    [InlineData("tcp", "tcp4 tcp6")]
    [InlineData("UDP", "udp4 udp6")]
    [InlineData("4tcp", "tcp4")]
    [InlineData("6udp", "udp6")]
    [InlineData(":8000", "tcp4 tcp6 udp4 udp6")]
    [InlineData("8000", "tcp4 tcp6 udp4 udp6")]
    [InlineData("tcp:8000", "tcp4 tcp6")]
    [InlineData("tcp:http-alt,8000", "tcp4 tcp6")]
    [InlineData("tcp:7990-8010", "tcp4 tcp6")]
    [InlineData("tcp:8001-8010", "")]
    [InlineData(":45026", "tcp4 tcp6 udp4 udp6")]
    [InlineData("@127.0.0.1", "tcp4 udp4")]
    [InlineData("@[::1]", "tcp6 udp6")]
    [InlineData("@127.0.0.1:8000", "tcp4 udp4")]
    [InlineData("4TCP@127.0.0.1:8000", "tcp4")]
    [InlineData("tcp:8000@127.0.0.1", "tcp4")]
    [InlineData("tcp:45026@[::1]", "tcp6")]
    [InlineData("@localhost:8000", "tcp4 tcp6 udp4 udp6")]
    [InlineData("@10.0.0.1", "")]
    [InlineData("tcp@127.0.0.1:45027", "")]
    public void Selects_what_lsof_selects(string text, string selected)
    {
        Assert.True(EndpointSelector.TryParse(text, new KnownNames(), out var selector, out string mistake), mistake);
        string[] rows = ["tcp4", "tcp6", "udp4", "udp6"];
        Assert.Equal(selected, string.Join(' ', rows.Where(name => selector.Matches(Row(name)))));
    }

    [Theory]
    [InlineData("sctp", "'sctp' is no protocol here: tcp or udp.")]
    [InlineData("tcp:", "In 'tcp:', a port is missing.")]
    [InlineData("tcp:70000", "In 'tcp:70000', '70000' is no port (0 to 65535), no range of ports and no service of /etc/services.")]
    [InlineData(":9-3", "In ':9-3', '9-3' is no port (0 to 65535), no range of ports and no service of /etc/services.")]
    [InlineData(":nosuch", "In ':nosuch', 'nosuch' is no port (0 to 65535), no range of ports and no service of /etc/services.")]
    [InlineData("@", "In '@', a host is missing after @.")]
    [InlineData("@nowhere.example", "No address is known for the host 'nowhere.example'.")]
    [InlineData("tcp@[::1", "No address is known for the host '[::1'.")]
    [InlineData(":80:90", "':80:90' names the port twice; write an IPv6 address in brackets: @[::1].")]
    [InlineData("@a@b", "No address is known for the host 'a'.")]
    public void A_mistake_is_told_in_a_sentence(string text, string sentence)
    {
        Assert.False(EndpointSelector.TryParse(text, new KnownNames(), out _, out string mistake));
        Assert.Equal(sentence, mistake);
    }

    [Fact]
    public void Attached_arguments_come_apart_for_this_command_only()
    {
        Assert.Equal(["sockets", "-i", ":8000", "-l", "-i", "4tcp@h:1", "--ipv4"], SocketsCommand.Detached(["sockets", "-i:8000", "-l", "-i4tcp@h:1", "--ipv4"]));
        Assert.Equal(["capture", "-ilo"], SocketsCommand.Detached(["capture", "-ilo"]));
    }

    private static SocketRow Row(string name)
    {
        var row = new SocketRow { IsIPv6 = name.EndsWith('6') };
        var address = row.IsIPv6 ? KnownNames.LoopbackV6 : IpAddress.Loopback;
        row.Tuple = new FourTuple(new Endpoint(address, 8000), new Endpoint(address, 45026));
        row.Detail.Protocol = (byte)(name.StartsWith("tcp", StringComparison.Ordinal) ? 6 : 17);
        return row;
    }
}
