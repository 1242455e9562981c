namespace NetLab.Core.Packets;

/// <summary>What a field's value is, which says how it is written and compared.</summary>
public enum FieldKind : byte
{
    /// <summary>No value: a heading, or a protocol's presence.</summary>
    None,

    /// <summary>A number, written in decimal.</summary>
    Unsigned,

    /// <summary>A number, written as 0x and a fixed count of hexadecimal digits.</summary>
    Hex,

    /// <summary>True or false, written as 1 or 0.</summary>
    Boolean,

    /// <summary>An IPv4 address.</summary>
    Ipv4,

    /// <summary>An IPv6 address.</summary>
    Ipv6,

    /// <summary>A MAC address.</summary>
    Mac,

    /// <summary>Text from the packet; bytes that do not print are escaped.</summary>
    Text,

    /// <summary>Bytes, written in hexadecimal.</summary>
    Bytes,

    /// <summary>A domain name inside a DNS message, compressed or not.</summary>
    DnsName,

    /// <summary>A moment, in nanoseconds since the epoch, written in seconds with nine decimals.</summary>
    Time,
}

/// <summary>Writes in words what a field's bytes hold.</summary>
internal delegate void FieldWords(ref Utf8Line line, ReadOnlySpan<byte> bytes);

/// <summary>A field that the dissector knows: its name is Wireshark's.</summary>
public sealed class FieldDefinition
{
    internal FieldDefinition(ProtocolDefinition protocol, string name, string label, FieldKind kind, int digits, Func<ulong, string?>? meaning)
    {
        Protocol = protocol;
        Name = name;
        Label = label;
        Kind = kind;
        Digits = digits;
        Meaning = meaning;
        Index = Interlocked.Increment(ref s_count) - 1;
    }

    private static int s_count;

    /// <summary>How many definitions there are; final once <see cref="FieldRegistry"/> was touched.</summary>
    internal static int Count => s_count;

    /// <summary>Its number among all definitions, for sets of fields.</summary>
    internal int Index { get; }

    /// <summary>The protocol it belongs to.</summary>
    public ProtocolDefinition Protocol { get; }

    /// <summary>Wireshark's filter name, such as <c>tcp.srcport</c>.</summary>
    public string Name { get; }

    /// <summary>What it is called on the screen, such as "Source Port".</summary>
    public string Label { get; }

    /// <summary>What its value is.</summary>
    public FieldKind Kind { get; }

    /// <summary>For <see cref="FieldKind.Hex"/>: how many digits.</summary>
    public int Digits { get; }

    /// <summary>What a number means in words, or null.</summary>
    public Func<ulong, string?>? Meaning { get; }

    /// <summary>Whether it stands for its protocol itself.</summary>
    public bool IsPresence => this == Protocol.Presence;

    /// <summary>Whether it says what came of verifying a checksum.</summary>
    public bool IsChecksumStatus { get; private set; }

    /// <summary>Whether it says that a checksum was left to the network card; it follows the status.</summary>
    public bool IsOffload { get; private set; }

    /// <summary>Whether its value comes from the packets before, not from its own packet's bytes (<see cref="FrameHistory"/>).</summary>
    public bool NeedsHistory { get; private set; }

    /// <summary>Whether its value comes from an analysis of its TCP stream (<see cref="FrameContext.Analysis"/>).</summary>
    public bool NeedsAnalysis { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>How the tree says what its bytes hold; null where it shows them as they are.</summary>
    internal FieldWords? Words { get; private set; }

    internal FieldDefinition InWords(FieldWords words)
    {
        Words = words;
        return this;
    }

    internal FieldDefinition AsChecksumStatus()
    {
        IsChecksumStatus = true;
        return this;
    }

    internal FieldDefinition AsOffload()
    {
        IsOffload = true;
        return this;
    }

    internal FieldDefinition FromHistory()
    {
        NeedsHistory = true;
        return this;
    }

    internal FieldDefinition FromAnalysis()
    {
        NeedsAnalysis = true;
        return FromHistory();
    }
}

/// <summary>How far up the stack a protocol stands; dissection may stop below what nobody asks for.</summary>
public enum ProtocolTier : byte
{
    /// <summary>The frame and its link layer.</summary>
    Link,

    /// <summary>ARP and IP.</summary>
    Network,

    /// <summary>TCP, UDP, ICMP.</summary>
    Transport,

    /// <summary>What they carry.</summary>
    Application,
}

/// <summary>A protocol that the dissector knows, and its fields.</summary>
public sealed class ProtocolDefinition
{
    private readonly List<FieldDefinition> _fields = [];

    internal ProtocolDefinition(string name, string label, ProtocolTier tier)
    {
        Name = name;
        Label = label;
        Tier = tier;
        Presence = new FieldDefinition(this, name, label, FieldKind.None, 0, null);
    }

    /// <summary>Wireshark's filter name, such as <c>tcp</c>.</summary>
    public string Name { get; }

    /// <summary>What it is called on the screen.</summary>
    public string Label { get; }

    /// <summary>How far up the stack it stands.</summary>
    public ProtocolTier Tier { get; }

    /// <summary>Its fields, in the order of the header.</summary>
    public IReadOnlyList<FieldDefinition> Fields => _fields;

    /// <summary>The field that stands for the protocol itself.</summary>
    public FieldDefinition Presence { get; }

    internal FieldDefinition Number(string name, string label, Func<ulong, string?>? meaning = null) => Add(name, label, FieldKind.Unsigned, 0, meaning);

    internal FieldDefinition Hex(string name, string label, int digits, Func<ulong, string?>? meaning = null) => Add(name, label, FieldKind.Hex, digits, meaning);

    internal FieldDefinition Flag(string name, string label) => Add(name, label, FieldKind.Boolean, 0, value => value != 0 ? "Set" : "Not set");

    internal FieldDefinition Value(string name, string label, FieldKind kind) => Add(name, label, kind, 0, null);

    internal FieldDefinition Heading(string name, string label) => Add(name, label, FieldKind.None, 0, null);

    internal FieldDefinition Checksum(string name) => Add(name, "Checksum Status", FieldKind.Unsigned, 0, value => ((ChecksumStatus)value) switch
    {
        ChecksumStatus.Bad => "Bad",
        ChecksumStatus.Good => "Good",
        ChecksumStatus.Absent => "Not present",
        _ => "Unverified",
    }).AsChecksumStatus();

    internal FieldDefinition Offload(string name) => Flag(name, "Left to the network card (checksum offload)").AsOffload();

    private FieldDefinition Add(string name, string label, FieldKind kind, int digits, Func<ulong, string?>? meaning)
    {
        var field = new FieldDefinition(this, name, label, kind, digits, meaning);
        _fields.Add(field);
        return field;
    }
}
