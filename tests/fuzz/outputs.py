"""What Quantum ESPRESSO, FHI-aims and CASTEP print: by hand, of two atoms each."""

from __future__ import annotations

PW_HEAD = """
     Program PWSCF v.7.2 starts on 14Feb2026 at 10:11:12

     bravais-lattice index     =            0
     lattice parameter (alat)  =      {alat:.4f}  a.u.
     number of atoms/cell      =            2
     number of atomic types    =            1
     number of electrons       =         8.00

     celldm(1)=  {alat:.6f}  celldm(2)=   0.000000  celldm(3)=   0.000000
     celldm(4)=   0.000000  celldm(5)=   0.000000  celldm(6)=   0.000000

     crystal axes: (cart. coord. in units of alat)
               a(1) = (   1.000000   0.000000   0.000000 )
               a(2) = (   0.000000   1.000000   0.000000 )
               a(3) = (   0.000000   0.000000   1.000000 )

   Cartesian axes

     site n.     atom                  positions (alat units)
         1           Si  tau(   1) = (   0.0000000   0.0000000   0.0000000  )
         2           Si  tau(   2) = (   0.2500000   0.2500000   0.2500000  )

     number of k points=     1
                       cart. coord. in units 2pi/alat
        k(    1) = (   0.0000000   0.0000000   0.0000000), wk =   2.0000000

"""
PW_STEP = """     End of self-consistent calculation

          k = 0.0000 0.0000 0.0000 (   725 PWs)   bands (ev):

    -5.8080   6.2550   6.2550   6.2550

     highest occupied level (ev):     6.2550

!    total energy              =     -15.84445000 Ry
     estimated scf accuracy    <       0.00000001 Ry

     Forces acting on atoms (cartesian axes, Ry/au):

     atom    1 type  1   force =     0.01000000    0.00000000    0.00000000
     atom    2 type  1   force =    -0.01000000    0.00000000    0.00000000

     Total force =     0.014142     Total SCF correction =     0.000001

"""
PW_MOVED = """     BFGS Geometry Optimization

     number of scf cycles    =   1


ATOMIC_POSITIONS (angstrom)
Si               0.0100000000        0.0000000000        0.0000000000
Si               1.3400000000        1.3500000000        1.3500000000

"""
PW_END = "     End of BFGS Geometry Optimization\n\n   JOB DONE.\n"
PW_ERROR = """
 %%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%
     Error in routine  readpp (1):
     file ./Si.upf not found
 %%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%

     stopping ...
"""


def relaxed(alat: float = 10.2) -> str:
    return PW_HEAD.format(alat=alat) + PW_STEP + PW_MOVED + PW_STEP + PW_END


AIMS = """------------------------------------------------------------
          Invoking FHI-aims ...

          Version 221103

  | Number of atoms                   :        2
  | Number of spin channels           :        1

  Input geometry:
  | Unit cell:
  |        4.20000000        0.00000000        0.00000000
  |        0.00000000        4.20000000        0.00000000
  |        0.00000000        0.00000000        4.20000000
  | Atomic structure:
  |       Atom                x [A]            y [A]            z [A]
  |    1: Species Mg            0.00000000        0.00000000        0.00000000
  |    2: Species O             2.10000000        0.00000000        0.00000000

  The structure contains        2 atoms,  and a total of         20.000 electrons.
  | Number of Kohn-Sham states (occupied + empty):       16
  | Number of k-points                             :         1

          Begin self-consistency loop: Initialization.

          Begin self-consistency iteration #    1

"""
AIMS_RESULTS = """
  Total energy components:
  | Total energy                  :        -275.00000000 Ha       -7483.13125000 eV
  | Electronic free energy        :        -275.00000000 Ha       -7483.13125000 eV

  | Total energy uncorrected      :         -0.748313125000000E+04 eV
  | Total energy corrected        :         -0.748313125000000E+04 eV

          Self-consistency cycle converged.

  Total atomic forces (unitary forces cleaned) [eV/Ang]:
  |    1          0.100000000000000E-01          0.000000000000000E+00          0.0E+00
  |    2         -0.100000000000000E-01          0.000000000000000E+00          0.0E+00

          Have a nice day.
------------------------------------------------------------
"""

CASTEP = """ +-------------------------------------------------+
 |                                                 |
 |      CCC   AA    SSS  TTTTT  EEEEE  PPPP        |
 |     C     A  A  S       T    E      P   P       |
 |     C     AAAA   SS     T    EEE    PPPP        |
 |     C     A  A     S    T    E      P           |
 |      CCC  A  A  SSS     T    EEEEE  P           |
 |                                                 |
 +-------------------------------------------------+
 |                                                 |
 | Welcome to Academic Release CASTEP version 22.11 |
 +-------------------------------------------------+

 ************************************ Title ************************************


 ***************************** General Parameters ******************************

 output verbosity                               : normal  (1)
 type of calculation                            : single point energy
 stress calculation                             : off

 *******************************************************************************


                           -------------------------------
                                      Unit Cell
                           -------------------------------
        Real Lattice(A)              Reciprocal Lattice(1/A)
     4.0000000     0.0000000     0.0000000        1.570796327   0.000000000   0.000000000
     0.0000000     4.0000000     0.0000000        0.000000000   1.570796327   0.000000000
     0.0000000     0.0000000     4.0000000        0.000000000   0.000000000   1.570796327

                           -------------------------------
                                     Cell Contents
                           -------------------------------
                         Total number of ions in cell =    2
                      Total number of species in cell =    1
                        Max number of any one species =    2

            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
            x  Element         Atom        Fractional coordinates of atoms  x
            x                 Number           u          v          w      x
            x---------------------------------------------------------------x
            x  Si                1         0.000000   0.000000   0.000000   x
            x  Si                2         0.250000   0.250000   0.250000   x
            xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx

 Final energy =  -337.8473000000     eV

 ******************************** Forces *********************************
 *                                                                       *
 *                   Cartesian components (eV/A)                         *
 * --------------------------------------------------------------------- *
 *                         x                    y                    z   *
 *                                                                       *
 * Si              1      0.01000              0.00000              0.00000 *
 * Si              2     -0.01000              0.00000              0.00000 *
 *                                                                       *
 *************************************************************************

 Initialisation time =      0.40 s
 Calculation time    =      1.20 s
 Finalisation time   =      0.02 s
 Total time          =      1.62 s
"""
