using NetLab.Core.Capture;
using NetLab.Tests.EndToEnd;
using NetLab.Tui.Commands;

namespace NetLab.Tests.Commands;

public class DoctorCommandTests
{
    private static readonly SystemFacts s_bare = new()
    {
        User = "ada",
        Groups = ["ada"],
        KernelHasTracefs = true,
        MayMakeUserNamespaces = true,
        HasLibpcap = true,
        HasSockDiag = true,
        Self = new("/opt/netlab", "root", 0x1ED, Capabilities.None, AreEffective: false, MayRun: true),
        Tcpdump = new("/usr/bin/tcpdump", "pcap", 0x1E8, Capabilities.NetRaw, AreEffective: true, MayRun: false),
        TcpdumpProfile = AppArmorMode.Enforce,
    };

    [Fact]
    public void Each_lack_is_told_with_its_reason_and_its_commands()
    {
        string text = Text(s_bare, 60);
        Assert.Equal(
            """
            ✓ libpcap               libpcap can be loaded.
            ✗ capture               Missing: This process lacks
                                    CAP_NET_RAW.
                                    The kernel refuses it every packet
                                    socket.
                                    $ sudo setcap cap_net_raw,cap_net_admin=eip /opt/netlab
            ! program               Limited: /opt/netlab has no file
                                    capabilities.
                                    It captures only when root runs it.
                                    $ sudo setcap cap_net_raw,cap_net_admin=eip /opt/netlab
            ! pcap group            Limited: There is no group pcap.
                                    A tcpdump that only the group pcap
                                    may run stays closed to this user.
                                    $ sudo groupadd pcap
                                    $ sudo usermod -a -G pcap ada
            ! tcpdump               Limited: /usr/bin/tcpdump is of
                                    group pcap, mode 750; you may not
                                    run it.
                                    You cannot compare with it.
                                    $ sudo chgrp pcap /usr/bin/tcpdump
                                    $ sudo chmod 750 /usr/bin/tcpdump
                                    $ sudo setcap cap_net_raw,cap_net_admin=eip /usr/bin/tcpdump
                                    $ sudo usermod -a -G pcap ada
            ! apparmor              Limited: AppArmor enforces its
                                    profile of tcpdump.
                                    tcpdump may write only where the
                                    profile allows, with names such as
                                    *.pcap, whatever the permissions
                                    say.
                                    $ sudo aa-complain /usr/bin/tcpdump
            """, text[..text.IndexOf("\n✓ dumpcap", StringComparison.Ordinal)]);
        Assert.EndsWith("\n\nNetLab works here with less: capture, tracefs, other users'\nsockets. The commands above mend it; NetLab itself changes\nnothing.\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(500)]
    public void Only_commands_may_be_wider_than_the_terminal(int width) =>
        Assert.All(Text(s_bare, width).Split('\n').Where(line => !line.Contains('$')), line => Assert.InRange(line.Length, 0, Math.Max(width, 24 + 30)));

    [Fact]
    public void What_only_other_programs_lack_does_not_count()
    {
        var whole = s_bare with
        {
            IsRoot = true,
            Effective = (Capabilities)ulong.MaxValue,
            TracefsPath = "/sys/kernel/tracing",
            MayWriteTracefs = true,
        };
        var findings = CaptureDoctor.Examine(whole);
        Assert.Contains(findings, finding => finding.Status == FindingStatus.Limited);
        Assert.True(CaptureDoctor.IsWhole(findings));
        Assert.EndsWith("Every instrument of NetLab works here.\n", Text(whole, 80), StringComparison.Ordinal);
        Assert.False(CaptureDoctor.IsWhole(CaptureDoctor.Examine(whole with { HasLibpcap = false })));
    }

    private static string Text(SystemFacts facts, int width)
    {
        var context = new CommandContext(TextWriter.Null, TextWriter.Null, _ => null, () => default, default);
        return DoctorCommand.Text(CaptureDoctor.Examine(facts), width, Paint.For(context));
    }
}

/// <summary><c>netlab doctor</c> as its users start it.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class DoctorEndToEndTests : IDisposable
{
    private readonly PrivateNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Root_lacks_nothing_and_an_ordinary_user_is_told_the_commands()
    {
        var root = _network.Run("doctor");
        Assert.Contains("✓ capture", root.Output, StringComparison.Ordinal);
        Assert.Equal("", root.Error);
        var user = RunningProgram.Start([.. _network.Prefix, .. PrivateNetwork.OrdinaryUser, _network.ProgramForEverybody, "doctor"]).WaitForEnd();
        Assert.Equal((1, ""), (user.Code, user.Error));
        Assert.Contains("✗ capture", user.Output, StringComparison.Ordinal);
        Assert.Contains("$ sudo ", user.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_object_a_finding()
    {
        var ended = _network.Run("doctor", "--json");
        var findings = ended.Lines.Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(11, findings.Count);
        Assert.All(findings, finding => Assert.Contains(finding.GetProperty("status").GetString(), (string[])["good", "limited", "missing"]));
    }
}
