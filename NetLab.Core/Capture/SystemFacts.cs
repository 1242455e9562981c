namespace NetLab.Core.Capture;

/// <summary>The capabilities (capabilities(7)) that NetLab's instruments ask for, as bits of a set.</summary>
[Flags]
public enum Capabilities : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>CAP_DAC_READ_SEARCH: read any file.</summary>
    DacReadSearch = 1ul << 2,

    /// <summary>CAP_NET_ADMIN: configure interfaces; promiscuous mode.</summary>
    NetAdmin = 1ul << 12,

    /// <summary>CAP_NET_RAW: packet sockets.</summary>
    NetRaw = 1ul << 13,

    /// <summary>CAP_SYS_PTRACE: look into other users' processes.</summary>
    SysPtrace = 1ul << 19,

    /// <summary>CAP_SYS_ADMIN: mount, and trace.</summary>
    SysAdmin = 1ul << 21,
}

/// <summary>How AppArmor treats a program.</summary>
public enum AppArmorMode
{
    /// <summary>AppArmor is off, or has no profile of it.</summary>
    None,

    /// <summary>What the profile does not allow is logged.</summary>
    Complain,

    /// <summary>What the profile does not allow is refused.</summary>
    Enforce,

    /// <summary>A profile is there; its mode may not be read.</summary>
    Unknown,
}

/// <summary>A program on the disk.</summary>
/// <param name="Path">Where.</param>
/// <param name="Group">Its group's name, or number.</param>
/// <param name="Mode">Its permission bits.</param>
/// <param name="Capabilities">What its security.capability attribute permits.</param>
/// <param name="AreEffective">Whether they are effective at once.</param>
/// <param name="MayRun">Whether this user may run it.</param>
public sealed record ProgramFacts(string Path, string Group, ushort Mode, Capabilities Capabilities, bool AreEffective, bool MayRun);

/// <summary>What the doctor looks at: gathered once by <see cref="SystemProbe"/>, judged by <see cref="CaptureDoctor"/>.</summary>
public sealed record SystemFacts
{
    /// <summary>The user's name.</summary>
    public string User { get; init; } = "";

    /// <summary>Whether the effective user is root.</summary>
    public bool IsRoot { get; init; }

    /// <summary>The names of the groups that this process has.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The effective capability set (CapEff).</summary>
    public Capabilities Effective { get; init; }

    /// <summary>The bounding set (CapBnd): what no program started here can ever have more than.</summary>
    public Capabilities Bounding { get; init; } = (Capabilities)ulong.MaxValue;

    /// <summary>Whether no_new_privs is set, so that file capabilities do nothing.</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>Whether this process lives in a user namespace other than the machine's.</summary>
    public bool IsInUserNamespace { get; init; }

    /// <summary>Whether a user may make user namespaces.</summary>
    public bool MayMakeUserNamespaces { get; init; }

    /// <summary>Whether libpcap could be loaded.</summary>
    public bool HasLibpcap { get; init; }

    /// <summary>Whether there is a group pcap.</summary>
    public bool HasPcapGroup { get; init; }

    /// <summary>Whether the user is listed in the group pcap, also if this login does not know yet.</summary>
    public bool IsListedInPcapGroup { get; init; }

    /// <summary>NetLab's own program.</summary>
    public ProgramFacts? Self { get; init; }

    /// <summary>tcpdump.</summary>
    public ProgramFacts? Tcpdump { get; init; }

    /// <summary>dumpcap, by which Wireshark captures.</summary>
    public ProgramFacts? Dumpcap { get; init; }

    /// <summary>AppArmor's treatment of tcpdump.</summary>
    public AppArmorMode TcpdumpProfile { get; init; }

    /// <summary>Whether the kernel knows tracefs.</summary>
    public bool KernelHasTracefs { get; init; }

    /// <summary>Where tracefs is mounted; null where it is not.</summary>
    public string? TracefsPath { get; init; }

    /// <summary>Whether this process may make an instance there.</summary>
    public bool MayWriteTracefs { get; init; }

    /// <summary>Whether a netlink socket for sock_diag could be opened.</summary>
    public bool HasSockDiag { get; init; }
}
