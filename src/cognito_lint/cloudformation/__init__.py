"""CloudFormation: templates → a tree with spans → evaluated resources → user pools."""
