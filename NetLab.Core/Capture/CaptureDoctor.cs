namespace NetLab.Core.Capture;

/// <summary>How a check came out.</summary>
public enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Something else works less well for it.</summary>
    Limited,

    /// <summary>An instrument cannot work.</summary>
    Missing,
}

/// <summary>One check of the doctor.</summary>
/// <param name="Subject">What was looked at, a short key: "capture", "libpcap".</param>
/// <param name="Status">How it came out.</param>
/// <param name="Found">What was found, one sentence.</param>
/// <param name="Why">Why it hurts, one sentence; null where it does not.</param>
/// <param name="Commands">The commands that mend it, in order; none where nothing is to mend.</param>
public sealed record Finding(string Subject, FindingStatus Status, string Found, string? Why, IReadOnlyList<string> Commands);

/// <summary>Says from the facts what NetLab may do here, and what mends each lack. It changes nothing and looks at nothing but the facts.</summary>
public static class CaptureDoctor
{
    /// <summary>The checks, the most important first; their number and order are always the same.</summary>
    public static IReadOnlyList<Finding> Examine(SystemFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return
        [
            Libpcap(facts), Capture(facts), OwnProgram(facts), PcapGroup(facts), Tcpdump(facts), TcpdumpProfile(facts), Dumpcap(facts),
            UserNamespaces(facts), Tracefs(facts), SockDiag(facts), OtherUsersSockets(facts),
        ];
    }

    /// <summary>Whether a finding holds an instrument of NetLab itself back; what only other programs lack does not.</summary>
    public static bool HoldsBack(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return finding.Status != FindingStatus.Good && finding.Subject is ("libpcap" or "capture" or "tracefs" or "sock_diag" or "other users' sockets");
    }

    /// <summary>Whether every instrument of NetLab works whole.</summary>
    public static bool IsWhole(IReadOnlyList<Finding> findings) => !findings.Any(HoldsBack);

    private static Finding Libpcap(SystemFacts facts) => facts.HasLibpcap
        ? Good("libpcap", "libpcap can be loaded.")
        : new("libpcap", FindingStatus.Missing, "libpcap is not on this machine.", "Live capture goes through it; reading files does not.",
            ["sudo apt-get install libpcap0.8"]);

    private static Finding Capture(SystemFacts facts)
    {
        if (facts.Effective.HasFlag(Capabilities.NetRaw))
        {
            return facts.IsInUserNamespace
                ? new("capture", FindingStatus.Limited, "This process has CAP_NET_RAW, but only in a user namespace.",
                    "It can capture on the interfaces of a network namespace of its own, not on the machine's.", ["sudo ./netlab"])
                : Good("capture", "This process may capture packets (CAP_NET_RAW).");
        }

        if (!facts.Bounding.HasFlag(Capabilities.NetRaw))
        {
            return new("capture", FindingStatus.Missing, "CAP_NET_RAW is not in this process's bounding set.",
                "No program started here can capture packets, not even as root; a container is often made so.",
                ["docker run --cap-add NET_RAW --cap-add NET_ADMIN …"]);
        }

        return new("capture", FindingStatus.Missing, "This process lacks CAP_NET_RAW.", "The kernel refuses it every packet socket.",
            [facts.Self is { } self && !facts.NoNewPrivileges ? $"sudo setcap cap_net_raw,cap_net_admin=eip {Quoted(self.Path)}" : "sudo ./netlab"]);
    }

    private static Finding OwnProgram(SystemFacts facts)
    {
        if (facts.Self is not { } self)
            return new("program", FindingStatus.Limited, "The program that runs could not be looked at.", "Its file capabilities are not known.", []);
        if (self.Capabilities == Capabilities.None)
        {
            return facts.IsRoot || facts.Effective.HasFlag(Capabilities.NetRaw)
                ? Good("program", $"{self.Path} has no file capabilities, and needs none now.")
                : new("program", FindingStatus.Limited, $"{self.Path} has no file capabilities.", "It captures only when root runs it.",
                    [$"sudo setcap cap_net_raw,cap_net_admin=eip {Quoted(self.Path)}"]);
        }

        if (facts.NoNewPrivileges)
        {
            return new("program", FindingStatus.Limited, $"{self.Path} has file capabilities, but no_new_privs is set for this process.",
                "The kernel then gives a program none of them.", ["sudo ./netlab"]);
        }

        return self.Capabilities.HasFlag(Capabilities.NetRaw) && self.AreEffective
            ? Good("program", $"{self.Path} has file capabilities with cap_net_raw.")
            : new("program", FindingStatus.Limited, $"{self.Path} has file capabilities, but not cap_net_raw as effective.",
                "A user who starts it cannot capture.", [$"sudo setcap cap_net_raw,cap_net_admin=eip {Quoted(self.Path)}"]);
    }

    private static Finding PcapGroup(SystemFacts facts)
    {
        if (facts.IsRoot || facts.Groups.Contains("pcap"))
            return Good("pcap group", facts.IsRoot ? "Root needs no group." : "This process is in the group pcap.");
        const string why = "A tcpdump that only the group pcap may run stays closed to this user.";
        string add = $"sudo usermod -a -G pcap {Quoted(facts.User)}";
        if (!facts.HasPcapGroup)
            return new("pcap group", FindingStatus.Limited, "There is no group pcap.", why, ["sudo groupadd pcap", add]);
        return facts.IsListedInPcapGroup
            ? new("pcap group", FindingStatus.Limited, $"{facts.User} is in the group pcap, but this login began before that.", why, ["newgrp pcap"])
            : new("pcap group", FindingStatus.Limited, $"{facts.User} is not in the group pcap.", why, [add, "newgrp pcap"]);
    }

    private static Finding Tcpdump(SystemFacts facts)
    {
        if (facts.Tcpdump is not { } tcpdump)
        {
            return new("tcpdump", FindingStatus.Limited, "tcpdump is not on this machine.", "NetLab does not need it; only comparing with it does.",
                ["sudo apt-get install tcpdump"]);
        }

        string mode = $"{tcpdump.Path} is of group {tcpdump.Group}, mode {Convert.ToString(tcpdump.Mode & 0xFFF, 8)}";
        if (!tcpdump.MayRun)
        {
            return new("tcpdump", FindingStatus.Limited, $"{mode}; you may not run it.", "You cannot compare with it.",
                [.. Restrict(tcpdump.Path), $"sudo usermod -a -G pcap {Quoted(facts.User)}"]);
        }

        bool carries = tcpdump.Capabilities.HasFlag(Capabilities.NetRaw);
        if (facts.IsRoot || carries && (tcpdump.Group == "pcap" && (tcpdump.Mode & 1) == 0))
            return Good("tcpdump", carries ? $"{mode}, with cap_net_raw." : $"{mode}.");
        return carries
            ? new("tcpdump", FindingStatus.Limited, $"{mode}, with cap_net_raw.", "Every user of this machine may capture with it.",
                Restrict(tcpdump.Path))
            : new("tcpdump", FindingStatus.Limited, $"{mode}, without file capabilities.", "It captures only when root runs it.",
                ["sudo groupadd -f pcap", $"sudo usermod -a -G pcap {Quoted(facts.User)}", .. Restrict(tcpdump.Path)]);
    }

    private static Finding TcpdumpProfile(SystemFacts facts) => facts.TcpdumpProfile switch
    {
        AppArmorMode.Enforce => new("apparmor", FindingStatus.Limited, "AppArmor enforces its profile of tcpdump.",
            "tcpdump may write only where the profile allows, with names such as *.pcap, whatever the permissions say.",
            [$"sudo aa-complain {facts.Tcpdump?.Path ?? "/usr/bin/tcpdump"}"]),
        AppArmorMode.Unknown => new("apparmor", FindingStatus.Limited, "AppArmor has a profile of tcpdump, whose mode only root may read.",
            "If it is enforced, tcpdump may write only where the profile allows.", ["sudo aa-status"]),
        AppArmorMode.Complain => Good("apparmor", "AppArmor only logs what tcpdump does outside its profile (complain)."),
        _ => Good("apparmor", "AppArmor holds tcpdump back in nothing."),
    };

    private static Finding Dumpcap(SystemFacts facts) => facts.Dumpcap switch
    {
        null => Good("dumpcap", "dumpcap is not on this machine; only Wireshark needs it."),
        { MayRun: false } dumpcap => new("dumpcap", FindingStatus.Limited, $"{dumpcap.Path} is of group {dumpcap.Group}; you may not run it.",
            "Wireshark cannot capture for you.", [$"sudo usermod -a -G {Quoted(dumpcap.Group)} {Quoted(facts.User)}", $"newgrp {Quoted(dumpcap.Group)}"]),
        { } dumpcap when facts.IsRoot || dumpcap.Capabilities.HasFlag(Capabilities.NetRaw) || (dumpcap.Mode & 0x800) != 0 =>
            Good("dumpcap", $"{dumpcap.Path} may capture for you."),
        { } dumpcap => new("dumpcap", FindingStatus.Limited, $"{dumpcap.Path} has no file capabilities.", "Wireshark captures only when root runs it.",
            ["sudo dpkg-reconfigure wireshark-common", $"sudo usermod -a -G wireshark {Quoted(facts.User)}"]),
    };

    private static Finding UserNamespaces(SystemFacts facts) => facts.MayMakeUserNamespaces
        ? Good("user namespaces", "You may make user namespaces: unshare -rn gives a network of your own, in which you may capture.")
        : new("user namespaces", FindingStatus.Limited, "User namespaces may not be made here.",
            "Without root there is no private network in which to capture (unshare -rn).",
            ["sudo sysctl -w user.max_user_namespaces=10000", "sudo sysctl -w kernel.unprivileged_userns_clone=1",
                "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"]);

    private static Finding Tracefs(SystemFacts facts)
    {
        const string why = "TCP states are then inferred from packets or sampled, and no system call is seen.";
        if (!facts.KernelHasTracefs)
            return new("tracefs", FindingStatus.Missing, "This kernel was built without tracefs.", why, []);
        if (facts.MayWriteTracefs)
            return Good("tracefs", $"tracefs is mounted on {facts.TracefsPath}, and this process may trace.");
        if (facts.Effective.HasFlag(Capabilities.SysAdmin) && !facts.IsInUserNamespace && facts.TracefsPath is null)
            return Good("tracefs", "tracefs is not mounted; this process may mount it for itself.");
        return facts.TracefsPath is { } path
            ? new("tracefs", FindingStatus.Missing, $"tracefs is mounted on {path}, but this process may not write there.", why, ["sudo ./netlab"])
            : new("tracefs", FindingStatus.Missing, "tracefs is not mounted, and this process may not mount it.", why,
                ["sudo mount -t tracefs tracefs /sys/kernel/tracing", "sudo ./netlab"]);
    }

    private static Finding SockDiag(SystemFacts facts) => facts.HasSockDiag
        ? Good("sock_diag", "The kernel answers questions about sockets (sock_diag).")
        : new("sock_diag", FindingStatus.Limited, "A netlink socket for sock_diag was refused.",
            "The socket table is read from /proc/net, which is slower and lacks windows and round-trip times.", ["sudo modprobe -a tcp_diag udp_diag"]);

    private static Finding OtherUsersSockets(SystemFacts facts)
    {
        bool all = facts.Effective.HasFlag(Capabilities.SysPtrace) && (facts.IsRoot || facts.Effective.HasFlag(Capabilities.DacReadSearch));
        return all && !facts.IsInUserNamespace
            ? Good("other users' sockets", "This process sees which program owns any socket.")
            : new("other users' sockets", FindingStatus.Limited, "This process may look only into your own programs.",
                "Sockets of other users are listed without their program.", ["sudo ./netlab"]);
    }

    private static Finding Good(string subject, string found) => new(subject, FindingStatus.Good, found, null, []);

    // Only the group pcap may run it, and it may capture. chgrp takes file capabilities away, so setcap comes last.
    private static string[] Restrict(string path) =>
        [$"sudo chgrp pcap {path}", $"sudo chmod 750 {path}", $"sudo setcap cap_net_raw,cap_net_admin=eip {path}"];

    // A path or name for a shell: quoted where it is not plain.
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-') ? word
        : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
