namespace NetLab.Core.Views;

/// <summary>Whose states are taken from the socket table where neither the kernel nor packets tell them.</summary>
public enum SampledStates
{
    /// <summary>Those of the script's actors: everybody else's are the socket table's to show.</summary>
    OfActors,

    /// <summary>Those of every socket of the machine.</summary>
    OfEverybody,
}
