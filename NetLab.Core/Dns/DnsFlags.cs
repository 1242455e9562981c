namespace NetLab.Core.Dns;

/// <summary>The flags of a message (RFC 1035 section 4.1.1, RFC 4035 section 3.2); opcode and response code lie between them.</summary>
[Flags]
public enum DnsFlags : ushort
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>It is a response (QR).</summary>
    Response = 0x8000,

    /// <summary>The answer is authoritative (AA).</summary>
    Authoritative = 0x0400,

    /// <summary>The answer was cut off (TC).</summary>
    Truncated = 0x0200,

    /// <summary>Recursion is desired (RD).</summary>
    RecursionDesired = 0x0100,

    /// <summary>Recursion is available (RA).</summary>
    RecursionAvailable = 0x0080,

    /// <summary>The data is authentic (AD).</summary>
    Authenticated = 0x0020,

    /// <summary>Checking is disabled (CD).</summary>
    CheckingDisabled = 0x0010,
}
