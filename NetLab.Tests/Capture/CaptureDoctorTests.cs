using NetLab.Core.Capture;

namespace NetLab.Tests.Capture;

public class CaptureDoctorTests
{
    private static readonly ProgramFacts s_self = new("/opt/net lab/netlab", "root", 0x1ED, Capabilities.None, AreEffective: false, MayRun: true);

    private static readonly SystemFacts s_healthy = new()
    {
        User = "ada",
        Groups = ["ada", "pcap", "wireshark"],
        Effective = Capabilities.NetRaw | Capabilities.SysPtrace | Capabilities.DacReadSearch,
        HasLibpcap = true,
        HasPcapGroup = true,
        IsListedInPcapGroup = true,
        MayMakeUserNamespaces = true,
        HasSockDiag = true,
        KernelHasTracefs = true,
        TracefsPath = "/sys/kernel/tracing",
        MayWriteTracefs = true,
        Self = s_self with { Capabilities = Capabilities.NetRaw | Capabilities.NetAdmin, AreEffective = true },
        Tcpdump = new("/usr/bin/tcpdump", "pcap", 0x1E8, Capabilities.NetRaw | Capabilities.NetAdmin, AreEffective: true, MayRun: true),
        Dumpcap = new("/usr/bin/dumpcap", "wireshark", 0x1E8, Capabilities.NetRaw, AreEffective: true, MayRun: true),
    };

    [Fact]
    public void On_a_healthy_machine_all_is_good_and_nothing_is_to_do()
    {
        Assert.All(CaptureDoctor.Examine(s_healthy), finding => Assert.Equal((FindingStatus.Good, null, 0), (finding.Status, finding.Why, finding.Commands.Count)));
    }

    public static TheoryData<string, SystemFacts, FindingStatus, string> Lacks => new()
    {
        { "libpcap", s_healthy with { HasLibpcap = false }, FindingStatus.Missing, "sudo apt-get install libpcap0.8" },
        { "capture", s_healthy with { Effective = Capabilities.None }, FindingStatus.Missing, "sudo setcap cap_net_raw,cap_net_admin=eip '/opt/net lab/netlab'" },
        { "capture", s_healthy with { Effective = Capabilities.None, NoNewPrivileges = true }, FindingStatus.Missing, "sudo ./netlab" },
        { "capture", s_healthy with { Effective = Capabilities.None, Bounding = Capabilities.None }, FindingStatus.Missing, "docker run --cap-add NET_RAW --cap-add NET_ADMIN …" },
        { "capture", s_healthy with { IsInUserNamespace = true }, FindingStatus.Limited, "sudo ./netlab" },
        { "program", s_healthy with { Effective = Capabilities.None, Self = s_self }, FindingStatus.Limited, "sudo setcap cap_net_raw,cap_net_admin=eip '/opt/net lab/netlab'" },
        { "program", s_healthy with { NoNewPrivileges = true }, FindingStatus.Limited, "sudo ./netlab" },
        { "program", s_healthy with { Self = s_self with { Capabilities = Capabilities.NetRaw } }, FindingStatus.Limited, "sudo setcap cap_net_raw,cap_net_admin=eip '/opt/net lab/netlab'" },
        { "pcap group", s_healthy with { Groups = [], HasPcapGroup = false, IsListedInPcapGroup = false }, FindingStatus.Limited, "sudo groupadd pcap; sudo usermod -a -G pcap ada" },
        { "pcap group", s_healthy with { Groups = [], IsListedInPcapGroup = false }, FindingStatus.Limited, "sudo usermod -a -G pcap ada; newgrp pcap" },
        { "pcap group", s_healthy with { Groups = [] }, FindingStatus.Limited, "newgrp pcap" },
        { "tcpdump", s_healthy with { Tcpdump = null }, FindingStatus.Limited, "sudo apt-get install tcpdump" },
        { "tcpdump", s_healthy with { Tcpdump = s_healthy.Tcpdump! with { MayRun = false, Group = "root" } }, FindingStatus.Limited,
            "sudo chgrp pcap /usr/bin/tcpdump; sudo chmod 750 /usr/bin/tcpdump; sudo setcap cap_net_raw,cap_net_admin=eip /usr/bin/tcpdump; sudo usermod -a -G pcap ada" },
        { "tcpdump", s_healthy with { Tcpdump = s_healthy.Tcpdump! with { Mode = 0x1ED } }, FindingStatus.Limited,
            "sudo chgrp pcap /usr/bin/tcpdump; sudo chmod 750 /usr/bin/tcpdump; sudo setcap cap_net_raw,cap_net_admin=eip /usr/bin/tcpdump" },
        { "tcpdump", s_healthy with { Tcpdump = s_healthy.Tcpdump! with { Capabilities = Capabilities.None } }, FindingStatus.Limited,
            "sudo groupadd -f pcap; sudo usermod -a -G pcap ada; sudo chgrp pcap /usr/bin/tcpdump; sudo chmod 750 /usr/bin/tcpdump; "
            + "sudo setcap cap_net_raw,cap_net_admin=eip /usr/bin/tcpdump" },
        { "apparmor", s_healthy with { TcpdumpProfile = AppArmorMode.Enforce }, FindingStatus.Limited, "sudo aa-complain /usr/bin/tcpdump" },
        { "apparmor", s_healthy with { TcpdumpProfile = AppArmorMode.Unknown }, FindingStatus.Limited, "sudo aa-status" },
        { "dumpcap", s_healthy with { Dumpcap = s_healthy.Dumpcap! with { MayRun = false } }, FindingStatus.Limited, "sudo usermod -a -G wireshark ada; newgrp wireshark" },
        { "dumpcap", s_healthy with { Dumpcap = s_healthy.Dumpcap! with { Capabilities = Capabilities.None } }, FindingStatus.Limited,
            "sudo dpkg-reconfigure wireshark-common; sudo usermod -a -G wireshark ada" },
        { "tracefs", s_healthy with { MayWriteTracefs = false }, FindingStatus.Missing, "sudo ./netlab" },
        { "tracefs", s_healthy with { MayWriteTracefs = false, TracefsPath = null }, FindingStatus.Missing, "sudo mount -t tracefs tracefs /sys/kernel/tracing; sudo ./netlab" },
        { "tracefs", s_healthy with { KernelHasTracefs = false }, FindingStatus.Missing, "" },
        { "sock_diag", s_healthy with { HasSockDiag = false }, FindingStatus.Limited, "sudo modprobe -a tcp_diag udp_diag" },
        { "other users' sockets", s_healthy with { Effective = Capabilities.NetRaw }, FindingStatus.Limited, "sudo ./netlab" },
    };

    [Theory]
    [MemberData(nameof(Lacks), DisableDiscoveryEnumeration = true)]
    public void Each_lack_is_found_with_what_mends_it(string subject, SystemFacts facts, FindingStatus status, string commands)
    {
        var finding = CaptureDoctor.Examine(facts).Single(finding => finding.Subject == subject);
        Assert.Equal((status, commands), (finding.Status, string.Join("; ", finding.Commands)));
        Assert.NotNull(finding.Why);
        Assert.EndsWith(".", finding.Why, StringComparison.Ordinal);
        Assert.EndsWith(".", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_may_mount_tracefs_lacks_nothing() =>
        Assert.Equal(FindingStatus.Good, CaptureDoctor.Examine(s_healthy with { TracefsPath = null, MayWriteTracefs = false, Effective = Capabilities.SysAdmin })
            .Single(finding => finding.Subject == "tracefs").Status);

    [Fact]
    public void This_machine_can_be_examined()
    {
        var facts = SystemProbe.Gather();
        Assert.Equal(Environment.UserName, facts.User);
        Assert.Equal(Environment.ProcessPath, facts.Self?.Path);
        Assert.NotEmpty(facts.Groups);
        Assert.Equal(11, CaptureDoctor.Examine(facts).Count);
    }
}
