package aws

const distributionType = "aws:cloudfront/distribution:Distribution"
