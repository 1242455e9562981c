namespace NetLab.Core.Capture;

/// <summary>What kind of obstacle a capture, or the opening of a file, met.</summary>
public enum CaptureRefusal
{
    /// <summary>None.</summary>
    None,

    /// <summary>This user may not.</summary>
    NotPermitted,

    /// <summary>libpcap is not on this machine.</summary>
    NoLibpcap,

    /// <summary>There is no such interface.</summary>
    NoSuchInterface,

    /// <summary>The capture filter is none.</summary>
    BadFilter,

    /// <summary>Something else, such as an interface that is down, or a file that is none.</summary>
    Other,
}
