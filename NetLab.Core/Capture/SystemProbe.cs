using System.Globalization;
using NetLab.Core.Interop;

namespace NetLab.Core.Capture;

/// <summary>Gathers the <see cref="SystemFacts"/> of this machine and process. It only looks.</summary>
public static class SystemProbe
{
    private const string UserNamespaceOfTheMachine = "0 0 4294967295";

    /// <summary>Looks. What may not be read counts as absent.</summary>
    public static SystemFacts Gather()
    {
        var status = Fields("/proc/self/status");
        var groups = Lines("/etc/group").Select(line => line.Split(':')).Where(parts => parts.Length >= 4).ToList();
        var groupNames = groups.GroupBy(parts => parts[2]).ToDictionary(same => same.Key, same => same.First()[0]);
        string[] own = [.. status.GetValueOrDefault("Gid", "").Split('\t'), .. status.GetValueOrDefault("Groups", "").Split(' ')];
        string? tracefs = Lines("/proc/self/mounts").Select(line => line.Split(' '))
            // What another NetLab mounted for itself goes away with it.
            .FirstOrDefault(parts => parts is [_, _, "tracefs", ..] && !Path.GetFileName(parts[1]).StartsWith("netlab-", StringComparison.Ordinal))?[1];
        var effective = Set(status, "CapEff");
        bool isRoot = status.GetValueOrDefault("Uid", "").Split('\t') is [_, "0", ..];
        string[] names = [.. own.Distinct().Where(id => id.Length > 0).Select(id => groupNames.GetValueOrDefault(id, id))];
        var pcap = groups.Find(parts => parts[0] == "pcap");

        return new SystemFacts
        {
            User = Environment.UserName,
            IsRoot = isRoot,
            Groups = names,
            Effective = effective,
            Bounding = Set(status, "CapBnd"),
            NoNewPrivileges = status.GetValueOrDefault("NoNewPrivs") == "1",
            IsInUserNamespace = IsInUserNamespace(),
            MayMakeUserNamespaces = MayMakeUserNamespaces(isRoot),
            HasLibpcap = Pcap.IsAvailable,
            HasPcapGroup = pcap is not null,
            IsListedInPcapGroup = pcap?[3].Split(',').Contains(Environment.UserName) == true,
            Self = Environment.ProcessPath is { } path ? Program(path, groupNames, names, isRoot) : null,
            Tcpdump = Find("tcpdump", groupNames, names, isRoot),
            Dumpcap = Find("dumpcap", groupNames, names, isRoot),
            TcpdumpProfile = TcpdumpProfile(),
            KernelHasTracefs = tracefs is not null || Lines("/proc/filesystems").Any(line => line.EndsWith("\ttracefs", StringComparison.Ordinal)),
            TracefsPath = tracefs,
            MayWriteTracefs = tracefs is not null && MayWrite($"{tracefs}/instances", names, groupNames, isRoot),
            HasSockDiag = HasSockDiag(),
        };
    }

    /// <summary>This process's effective capability set (CapEff).</summary>
    public static Capabilities EffectiveCapabilities() => Set(Fields("/proc/self/status"), "CapEff");

    private static Dictionary<string, string> Fields(string path) =>
        Lines(path).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2).GroupBy(parts => parts[0])
            .ToDictionary(same => same.Key, same => same.First()[1].Trim());

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static Capabilities Set(Dictionary<string, string> status, string name) =>
        ulong.TryParse(status.GetValueOrDefault(name), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong set) ? (Capabilities)set : Capabilities.None;

    private static bool IsInUserNamespace()
    {
        string[] map = Lines("/proc/self/uid_map");
        return map.Length > 0 && string.Join(' ', map[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)) != UserNamespaceOfTheMachine;
    }

    private static bool MayMakeUserNamespaces(bool isRoot) =>
        File.Exists("/proc/self/ns/user") && Lines("/proc/sys/user/max_user_namespaces") is not ["0"]
        && (isRoot || (Lines("/proc/sys/kernel/unprivileged_userns_clone") is not ["0"]
            && Lines("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") is not ["1"]));

    private static ProgramFacts? Find(string name, Dictionary<string, string> groups, string[] own, bool isRoot)
    {
        string[] folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"];
        return folders.Select(folder => Program($"{folder}/{name}", groups, own, isRoot)).FirstOrDefault(program => program is not null);
    }

    private static ProgramFacts? Program(string path, Dictionary<string, string> groups, string[] own, bool isRoot)
    {
        if (!FileFacts.TryStat(path, out ushort mode, out _, out uint group))
            return null;
        FileFacts.TryCapabilities(path, out ulong permitted, out bool isEffective);
        string groupName = GroupName(group, groups);
        bool mayRun = isRoot ? (mode & 0x49) != 0 : own.Contains(groupName) ? (mode & 8) != 0 : (mode & 1) != 0;
        return new ProgramFacts(path, groupName, (ushort)(mode & 0xFFF), (Capabilities)permitted, isEffective, mayRun);
    }

    private static bool MayWrite(string path, string[] own, Dictionary<string, string> groups, bool isRoot) =>
        FileFacts.TryStat(path, out ushort mode, out _, out uint group)
        && (isRoot || (own.Contains(GroupName(group, groups)) ? (mode & 0x10) != 0 : (mode & 2) != 0));

    private static string GroupName(uint group, Dictionary<string, string> groups)
    {
        string id = group.ToString(CultureInfo.InvariantCulture);
        return groups.GetValueOrDefault(id, id);
    }

    private static AppArmorMode TcpdumpProfile()
    {
        if (Lines("/sys/module/apparmor/parameters/enabled") is not ["Y"])
            return AppArmorMode.None;
        string[] loaded = Lines("/sys/kernel/security/apparmor/profiles");
        if (loaded.Length == 0)
            return File.Exists("/etc/apparmor.d/usr.bin.tcpdump") || File.Exists("/etc/apparmor.d/tcpdump") ? AppArmorMode.Unknown : AppArmorMode.None;
        string? line = Array.Find(loaded, line => line.StartsWith("/usr/bin/tcpdump ", StringComparison.Ordinal) || line.StartsWith("tcpdump ", StringComparison.Ordinal)
            || line.StartsWith("/usr/{bin,sbin}/tcpdump ", StringComparison.Ordinal));
        return line is null ? AppArmorMode.None : line.EndsWith("(enforce)", StringComparison.Ordinal) ? AppArmorMode.Enforce : AppArmorMode.Complain;
    }

    private static bool HasSockDiag()
    {
        using var socket = Netlink.OpenSockDiag(out _);
        return socket is not null;
    }
}
