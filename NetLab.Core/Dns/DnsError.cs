namespace NetLab.Core.Dns;

/// <summary>Why a DNS message can't be read any further.</summary>
public enum DnsErrorKind : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The message ends inside what was being read.</summary>
    Truncated,

    /// <summary>A compression pointer points to itself, forwards or in a circle (RFC 1035 section 4.1.4 wants a prior occurrence).</summary>
    PointerLoop,

    /// <summary>A compression pointer points into the header or beyond the message.</summary>
    PointerOutside,

    /// <summary>A label's length byte begins with the reserved bits 01 or 10.</summary>
    ReservedLabel,

    /// <summary>A name is longer than 255 octets (RFC 1035 section 2.3.4).</summary>
    NameTooLong,

    /// <summary>A record's data does not end where its length says.</summary>
    DataLength,

    /// <summary>Octets follow the last record.</summary>
    BytesAfter,
}

/// <summary>What is wrong with a message, and at which octet of it.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">Where, from the message's first octet.</param>
public readonly record struct DnsError(DnsErrorKind Kind, int Offset)
{
    /// <summary>Nothing is wrong.</summary>
    public static DnsError None => default;

    /// <summary>Whether something is wrong.</summary>
    public bool IsError => Kind != DnsErrorKind.None;

    /// <summary>One plain sentence without its full stop.</summary>
    public override string ToString() => Kind switch
    {
        DnsErrorKind.None => "no error",
        DnsErrorKind.Truncated => $"the message ends inside what begins at octet {Offset}",
        DnsErrorKind.PointerLoop => $"the compression pointer at octet {Offset} does not point back",
        DnsErrorKind.PointerOutside => $"the compression pointer at octet {Offset} points outside the message",
        DnsErrorKind.ReservedLabel => $"the label at octet {Offset} has a reserved type",
        DnsErrorKind.NameTooLong => $"the name at octet {Offset} is longer than 255 octets",
        DnsErrorKind.BytesAfter => $"after the last record, octets follow from octet {Offset} on",
        _ => $"the data of the record at octet {Offset} does not end where its length says",
    };
}
