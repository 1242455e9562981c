using NetLab.Core;
using NetLab.Core.Tcp;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

public class StateFilterTests
{
    private static readonly StateFact s_fact = new(
        new FourTuple(new Endpoint(IpAddress.Loopback, 8000), new Endpoint(KnownNames.LoopbackV6, 45026)), 4711, "python3", TcpState.FinWait2, TcpState.TimeWait);

    [Theory]
    [InlineData("", true)]
    [InlineData("port 8000", true)]
    [InlineData("port 8001", false)]
    [InlineData("port 1-8000,9000", true)]
    [InlineData(":45026", true)]
    [InlineData("8000", true)]
    [InlineData("local :8000", true)]
    [InlineData("remote :8000", false)]
    [InlineData("dst port 45026", true)]
    [InlineData("src port 45026", false)]
    [InlineData("host 127.0.0.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("[::1]:45026", true)]
    [InlineData("127.0.0.1:45026", false)]
    [InlineData("localhost:8000", true)]
    [InlineData("local host ::1", false)]
    [InlineData("pid 4711", true)]
    [InlineData("pid 1", false)]
    [InlineData("process python", true)]
    [InlineData("process ssh", false)]
    [InlineData("state TIME_WAIT", true)]
    [InlineData("state fin-wait-2", true)]
    [InlineData("TIME_WAIT", true)]
    [InlineData("state LISTEN", false)]
    [InlineData("not port 8000", false)]
    [InlineData("!port 8000", false)]
    [InlineData("port 8000 and pid 1", false)]
    [InlineData("port 8000 and pid 1 or TIME_WAIT", true)]
    [InlineData("pid 1 or not (port 80 or state LISTEN)", true)]
    [InlineData("port 8000 && ! pid 1", true)]
    public void Shows_what_it_says(string text, bool shown)
    {
        Assert.True(StateFilterParser.TryParse(text, new KnownNames(), out var filter, out string mistake), mistake);
        Assert.Equal(shown, filter.Matches(s_fact));
    }

    [Theory]
    [InlineData("port 8000", "8000")]
    [InlineData("port 8000 and host 127.0.0.1", "8000")]
    [InlineData("pid 1 and :80-82", "80 81 82")]
    [InlineData("port 1 or port 2", "1 2")]
    [InlineData("port 1 or pid 2", null)]
    [InlineData("not port 1", null)]
    [InlineData("port 1-1000", null)]
    [InlineData("host 127.0.0.1", null)]
    public void The_kernel_is_told_the_ports_without_which_nothing_is_shown(string text, string? ports)
    {
        Assert.True(StateFilterParser.TryParse(text, new KnownNames(), out var filter, out _));
        Assert.Equal(ports, filter.NecessaryPorts is { } necessary ? string.Join(' ', necessary) : null);
    }

    [Theory]
    [InlineData("port", "In the filter, after 'port' something like 8000 is missing.")]
    [InlineData("port http", "In the filter, 'http' is no port (0 to 65535), no range of ports and no service of /etc/services.")]
    [InlineData("port 8000 frob", "In the filter, 'frob' cannot follow '8000': and, or, or the end.")]
    [InlineData("(port 8000", "In the filter, a ) is missing.")]
    [InlineData("pid x", "In the filter, 'x' is no process id.")]
    [InlineData("not", "In the filter, something is missing after 'not'.")]
    [InlineData("host nowhere", "In the filter, no address is known for the host 'nowhere'.")]
    [InlineData("frob", "In the filter, 'frob' is not known here: port N, host A, A:N, :N, pid N, process NAME, state NAME, with and, or, not, local, remote.")]
    public void A_mistake_is_told_in_a_sentence(string text, string sentence)
    {
        Assert.False(StateFilterParser.TryParse(text, new KnownNames(), out _, out string mistake));
        Assert.Equal(sentence, mistake);
    }

    [Theory]
    [InlineData("ESTAB", TcpState.Established)]
    [InlineData("syn-recv", TcpState.SynRcvd)]
    [InlineData("fin_wait1", TcpState.FinWait1)]
    [InlineData("time-wait", TcpState.TimeWait)]
    [InlineData("Listen", TcpState.Listen)]
    public void States_are_known_by_every_name_that_tools_give_them(string word, TcpState state)
    {
        Assert.True(StateWords.TryParse(word, out var read));
        Assert.Equal(state, read);
    }
}
